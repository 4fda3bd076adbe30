import type { RunView } from '../../report/run-view.ts';
import { RunHistory } from './history.ts';
import { fromJson } from './plain.ts';
import { readRuns } from './read-runs.ts';
import { readSnapshot, type Seen } from './read-snapshot.ts';

/** A run as far as it has been told. */
export interface WatchedRun {
  view: RunView;
  readonly history: RunHistory;
  snapshot: Seen | null;
  /** Its snapshot makes no sense. */
  damaged: boolean;
}

/** How it stands with the server. */
export type Answer =
  | { readonly is: 'there' }
  | { readonly is: 'gone'; readonly since: Date }
  | { readonly is: 'nonsense' };

interface Place extends WatchedRun {
  next: number;
  etag: string | null;
  /** It has ended, and all that it wrote was read. */
  settled: boolean;
  /** Its snapshot was asked for since. */
  seen: boolean;
}

const SOON_MS = 1000;
const LATER_MS = 5000;
const PATIENCE_MS = 20_000;
/** An answer that is longer may not be the whole rest. */
const LONG = 60_000;
const MOST_ANSWERS = 100; // of one look

/** Asks the server of the page what its runs do: once a second while one trains, seldom while nobody looks or nothing happens. */
export class Watcher {
  private places: Place[] = [];
  private chosen = 0;
  private answer: Answer = { is: 'there' };
  private wake: () => void = () => {};
  private readonly changed: (runs: readonly WatchedRun[], answer: Answer) => void;

  constructor(changed: (runs: readonly WatchedRun[], answer: Answer) => void) {
    this.changed = changed;
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.wake());
  }

  /** Looks again and again, for as long as the page is there. */
  async watch(): Promise<never> {
    for (;;) {
      await this.look();
      const runs = this.places.some(({ view, settled }) => view.state === 'running' || !settled);
      const soon = runs && this.answer.is === 'there' && document.visibilityState === 'visible';
      await this.rest(soon ? SOON_MS : LATER_MS);
    }
  }

  /** The run whose snapshot is asked for. */
  choose(i: number): void {
    this.chosen = i;
    this.wake();
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async look(): Promise<void> {
    try {
      const response = await ask('./runs.json');
      const views = response.ok ? readRuns(fromJson(await response.text())) : null;
      this.answer = { is: views === null ? 'nonsense' : 'there' };
      if (views !== null) {
        this.place(views);
        for (const [i, place] of this.places.entries()) if (!place.settled) await this.read(i, place);
        await this.see();
      }
    } catch {
      this.answer = this.answer.is === 'gone' ? this.answer : { is: 'gone', since: new Date() };
    }
    this.changed(this.places, this.answer);
  }

  /** Another folder at a place is another run. */
  private place(views: readonly RunView[]): void {
    this.places = views.map((view, i) => {
      const place = this.places[i];
      if (place?.view.folder !== view.folder || place.view.name !== view.name) return newPlace(view);
      if (place.view.state !== view.state) place.settled = false;
      place.view = view;
      return place;
    });
  }

  /** Reads what a run has written since. */
  private async read(i: number, place: Place): Promise<void> {
    for (let answers = 0; answers < MOST_ANSWERS; answers++) {
      const response = await ask(`./runs/${i}/metrics?from=${place.next}`);
      const text = response.ok ? await response.text() : '';
      if (response.headers.get('x-restart') === '1') {
        place.history.clear();
        place.next = 0;
      }
      const next = Number(response.headers.get('x-next') ?? Number.NaN);
      const isNext = Number.isSafeInteger(next) && next >= 0;
      place.next = isNext ? next : place.next + new TextEncoder().encode(text).length;
      place.history.add(text);
      if (answers === 0) place.settled = place.view.state !== 'running' && text === '';
      if (text.length < LONG) return;
    }
  }

  /** The snapshot of the chosen run, where there is a newer one. */
  private async see(): Promise<void> {
    const place = this.places[this.chosen];
    if (!place?.view.hasSnapshot || (place.settled && place.seen)) return;
    const response = await ask(
      `./runs/${this.chosen}/snapshot.json`,
      place.etag === null ? {} : { 'if-none-match': place.etag },
    );
    place.seen = place.settled;
    if (!response.ok) return; // 304: nothing new
    place.etag = response.headers.get('etag');
    const snapshot = readSnapshot(fromJson(await response.text()));
    place.damaged = snapshot === null;
    place.snapshot = snapshot ?? place.snapshot;
  }
}

function newPlace(view: RunView): Place {
  return {
    view,
    history: new RunHistory(),
    snapshot: null,
    damaged: false,
    next: 0,
    etag: null,
    settled: false,
    seen: false,
  };
}

function ask(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(address, { headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
}
