import type { EventStore, StoredEvent, StoreHead } from '@rapport/event-store';
import type { CacheBudget, Timers } from '@rapport/platform';
import { readEvent } from '@rapport/privacy';
import type { EventLog, LogEvent } from './eventLog.ts';
import { LogFront } from './logFront.ts';
import type { Follower } from './logFront.ts';

export interface SharedLogOptions {
  /** Where the events that are kept get their bytes. */
  readonly caches: CacheBudget;
  /** Largest batch that is read from the store and handed out; default 1,000 events. */
  readonly batchSize?: number;
  /** Events that are kept for those behind; default 2,000: short-lived garbage is cheap, but resident. */
  readonly window?: number;
  /** How long the foremost waits for the hindmost before leaving it behind, in ms; default 250. */
  readonly patience?: number;
  /** What a stored event says; default: as this release reads it. */
  readonly read?: (stored: StoredEvent) => LogEvent;
}

/**
 * The event store as an EventLog for any number of projections in one process: those that are near each other share
 * one pass, in which each event is read once, and decoded once where one of them wants it. Who falls too far behind reads alone until it meets the
 * others again, so that one that waits (for keys, for a lease) holds nobody up for long.
 */
export class SharedLog implements EventLog {
  private readonly fronts = new Set<LogFront>();
  private readonly batchSize: number;
  private readonly window: number;
  private readonly patience: number;
  private readonly caches: CacheBudget;
  private readonly read: (stored: StoredEvent) => LogEvent;

  constructor(
    private readonly store: Pick<EventStore, 'follow' | 'readCounted' | 'head'>,
    readonly logId: string,
    private readonly timers: Timers,
    { caches, batchSize = 1_000, window = 2_000, patience = 250, read = readEvent }: SharedLogOptions,
  ) {
    this.caches = caches;
    this.batchSize = batchSize;
    this.window = window;
    this.patience = patience;
    this.read = read;
  }

  async *follow(
    after: number,
    signal: AbortSignal,
    wanted?: ReadonlySet<string>,
  ): AsyncIterable<readonly LogEvent[]> {
    const follower: Follower = { position: after };
    let front: LogFront | undefined;
    try {
      while (!signal.aborted) {
        const best = this.frontFor(follower);
        if (best !== front) {
          this.leave(front, follower);
          front = best;
          front.join(follower);
        }
        const batch = front.after(follower.position, this.batchSize, wanted);
        if (batch === undefined) {
          if ((await front.pull(signal)) === 'ended') return;
          continue;
        }
        follower.position = batch.at(-1)!.position;
        front.moved();
        yield batch;
      }
    } finally {
      this.leave(front, follower);
    }
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly LogEvent[]> {
    return (await this.store.readCounted(fromIndex, limit)).map(this.read);
  }

  head(): Promise<StoreHead> {
    return this.store.head();
  }

  /** Passes over the log that go on at the moment: 1 where all projections are together. */
  get passes(): number {
    return this.fronts.size;
  }

  /** The most advanced pass that still has what comes after the follower's position, or a new one. */
  private frontFor(follower: Follower): LogFront {
    let best: LogFront | undefined;
    for (const front of this.fronts) {
      if (front.failed) this.end(front);
      else if (front.covers(follower.position) && (best === undefined || front.end > best.end)) best = front;
    }
    if (best === undefined) {
      const { store, timers, caches, batchSize, window, patience, read } = this;
      const room = caches.part('logWindows');
      const options = { after: follower.position, batchSize, window, room, patience, read };
      best = new LogFront(store, timers, options);
      this.fronts.add(best);
    }
    return best;
  }

  private leave(front: LogFront | undefined, follower: Follower): void {
    if (front?.leave(follower) === 'empty') this.end(front);
  }

  private end(front: LogFront): void {
    this.fronts.delete(front);
    front.close();
  }
}
