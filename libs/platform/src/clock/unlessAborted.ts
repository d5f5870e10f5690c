/**
 * What comes of a promise; undefined once the signal aborts, and nobody waits for it any more. Not a race with one
 * promise of the signal's: that would keep everything that it was raced with for as long as the signal lives.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve(undefined);
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    work.finally(() => signal.removeEventListener('abort', aborted)).then(resolve, reject);
  });
}
