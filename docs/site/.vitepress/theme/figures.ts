import { onContentUpdated } from 'vitepress';

/** What ends the live figures of the page that is shown, by the element they stand in. */
const live = new Map<HTMLElement, Promise<() => void>>();

/**
 * Makes the still pictures of a page live, and ends those of the page before. Their code is loaded on pages that have one
 * alone; where it does not come, the still pictures stay.
 */
export function liveFigures(): void {
  onContentUpdated(() => {
    for (const [host, ending] of live) {
      if (host.isConnected) continue;
      live.delete(host);
      ending.then((end) => end()).catch(() => {});
    }
    for (const host of document.querySelectorAll<HTMLElement>('.vp-doc [data-figure]')) {
      if (live.has(host)) continue;
      const loading = import('../../figures/live.ts').then(({ upgrade }) => upgrade(host));
      live.set(host, loading);
      loading.catch(() => {});
    }
  });
}
