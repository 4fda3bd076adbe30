/** What a row says: how it went, or null where this machine has no such thing. */
export type Said = string | null;
/** Says of a row that cannot be run here why, instead of failing it. */
export class NotHere extends Error {}

/** The table that is printed, row by row, as they end. */
export class Table {
  failures = 0;
  private readonly only: string | undefined;

  /** @param only - Runs the rows whose name has this text; all where it is not given. */
  constructor(only?: string) {
    this.only = only?.toLowerCase();
  }

  /** One row: what `check` says, or what went wrong. `wanted` says of a row that others need whether it runs. */
  async row(name: string, check: () => Said | Promise<Said>, wanted = this.wants(name)): Promise<void> {
    if (!wanted) return;
    const begin = performance.now();
    let line: string;
    try {
      const said = await check();
      line = `${said === null ? '–   ' : 'ok  '} ${name.padEnd(34)} ${said ?? 'not on this version'}`;
    } catch (error) {
      const missing = error instanceof NotHere;
      if (!missing) this.failures++;
      line = `${missing ? '–   ' : 'FAIL'} ${name.padEnd(34)} ${error instanceof Error ? error.message : error}`;
    }
    console.log(`${line}  (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  }

  /** Whether any of these rows runs: what several share is then made. */
  wants(...names: string[]): boolean {
    const { only } = this;
    return only === undefined || names.some((name) => name.toLowerCase().includes(only));
  }
}
