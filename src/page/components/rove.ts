/**
 * Buttons of a group, of which the tab key reaches one alone, the last one used; the arrow keys, Home and End lead from one to the
 * next. Returns what is told the buttons whenever they are laid anew. `columns` says how many lie in a row.
 */
export function rove(host: HTMLElement, columns: () => number): (buttons: readonly HTMLButtonElement[]) => void {
  let all: readonly HTMLButtonElement[] = [];
  const reach = (to: HTMLButtonElement) => {
    for (const button of all) button.tabIndex = button === to ? 0 : -1;
  };
  host.addEventListener('click', ({ target }) => {
    const button = all.find((one) => one.contains(target as Node));
    if (button) reach(button);
  });
  host.addEventListener('keydown', (event) => {
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() },
      ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
    };
    const step = steps[event.key];
    const from = all.indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || from < 0) return;
    event.preventDefault();
    const last = all.length - 1;
    const to = Number.isFinite(step) ? from + step : step < 0 ? 0 : last;
    if (to < 0 || to > last) return;
    reach(all[to]);
    all[to].focus();
  });
  return (buttons) => {
    all = buttons;
    for (const [i, button] of buttons.entries()) button.tabIndex = i === 0 ? 0 : -1;
  };
}
