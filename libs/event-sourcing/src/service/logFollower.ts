import { isUnreadable, type ReadEvent, type UnreadableEvent } from '@rapport/contracts';
import {
  LogProgress,
  type FollowerKind,
  type Followers,
  type LogPlace,
  type Timers,
} from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';

/** What is followed: the ledger, or a log that is read otherwise. */
export type FollowedLog = Pick<Ledger, 'follow'> & { head(): Promise<LogPlace> };

/**
 * Takes in a batch. What it throws ends the batch for all: only for what goes away by itself, as a store that does not
 * answer. What one event, or one stream, is at fault for, it keeps to that stream.
 */
export type Observe = (events: readonly ReadEvent[]) => void | Promise<void>;

export interface FollowingReports {
  /** The log could not be followed, or an observer failed: the batch is tried again. */
  readonly failed: (error: unknown) => void;
  /** An event that this release cannot read went by; told once for each. */
  readonly unreadable?: (event: UnreadableEvent) => void;
}

/** Who follows, and what. */
export interface Following {
  /** Where it is registered: whoever stands still is told. */
  readonly followers: Pick<Followers, 'register'>;
  readonly kind: FollowerKind;
  readonly name: string;
  /** Streams whose events are shown; default: all. */
  readonly categories?: readonly string[];
}

/**
 * Follows the log from its head at the start and shows every batch to the observers, in order. A lost connection
 * is taken up again after the last event seen, with growing pauses; each failure is reported. An event that cannot be
 * read is shown as that, and those after it are shown: one customer's must not keep a service from all others.
 */
export class LogFollower {
  private readonly abort = new AbortController();
  private readonly far = new LogProgress();
  private readonly forget: () => void;
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: FollowedLog,
    private readonly timers: Timers,
    private readonly observers: readonly Observe[],
    private readonly reports: FollowingReports,
    private readonly following: Following,
  ) {
    const { followers, kind, name } = following;
    this.forget = followers.register({
      kind,
      name,
      progress: async (look) => this.far.to(await look.head(log)),
    });
  }

  /** Resolves when everything recorded after its return will be seen. */
  async start(): Promise<void> {
    this.startAfter(await this.log.head());
  }

  /** The same from a place on (exclusive) that is known already. */
  startAfter({ position, index }: LogPlace): void {
    this.far.reached(position, index);
    this.done = this.follow(position);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
    this.forget();
  }

  private async follow(from: number): Promise<void> {
    const { signal } = this.abort;
    let after = from;
    const looked = (position: number): void => {
      after = position;
      this.far.reached(position);
    };
    for (let pause = 50; !signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      try {
        for await (const events of this.log.follow(after, signal, this.following.categories, looked)) {
          for (const observe of this.observers) await observe(events);
          after = events.at(-1)!.position;
          this.far.reached(after, events.findLast(({ index }) => index !== null)?.index);
          pause = 50;
          if (this.reports.unreadable !== undefined) {
            for (const event of events) if (isUnreadable(event)) this.reports.unreadable(event);
          }
        }
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        this.reports.failed(error);
      }
      await this.timers.sleep(pause, signal).catch(() => undefined);
    }
  }
}
