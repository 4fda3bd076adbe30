/** What the promise gives; null `grace` ms after the signal aborts, default at once: promises of callers' may never resolve. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, grace = 0): Promise<T | null> {
  if (signal === undefined) return promise;
  promise.catch(() => {}); // nobody waits for what comes after an abort
  if (signal.aborted && grace === 0) return null;
  let abort = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const aborted = new Promise<null>((resolve) => {
    abort = () => {
      if (grace === 0) resolve(null);
      else timer = setTimeout(resolve, grace, null);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}
