import type { Timers } from '@rapport/platform';
import type { ConnectionWatch } from './connectionWatch.ts';

/** Waiting that ends early when there is reason to look again: a connection that comes or goes, the end of all. */
export class Pause {
  constructor(
    private readonly timers: Timers,
    private readonly watch: ConnectionWatch,
  ) {}

  /** At most `ms` milliseconds. */
  for(ms: number, signal: AbortSignal): Promise<void> {
    return this.#wait(signal, ms);
  }

  /** @returns false where there will be no connection any more, or nobody wants one */
  async untilConnected(signal: AbortSignal): Promise<boolean> {
    while (!this.watch.connected && !this.watch.closed && !signal.aborted) await this.#wait(signal);
    return this.watch.connected && !signal.aborted;
  }

  #wait(signal: AbortSignal, ms?: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        forget();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = ms === undefined ? () => {} : this.timers.schedule(ms, end);
      const forget = this.watch.onChange(end);
      signal.addEventListener('abort', end);
    });
  }
}
