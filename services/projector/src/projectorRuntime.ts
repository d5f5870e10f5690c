import type { ReadEvent, Role } from '@rapport/contracts';
import type { CacheBudget, Clock, Followers, MonotonicClock, Random, Timers } from '@rapport/platform';
import type { EventLog, FieldOpener, ViewStore } from '@rapport/views';

/** What a process gives to the projector in it. */
export interface ProjectorRuntime {
  readonly log: EventLog;
  readonly views: ViewStore;
  /** Events of one stream from a revision on, at most `limit`: what timelines and tickets show of the log. */
  readonly readStream: (stream: string, fromRevision: number, limit: number) => Promise<readonly ReadEvent[]>;
  /** Opens what projections must see to fold. */
  readonly opener: FieldOpener;
  /** Opens what these roles may see of a document, and masks the rest. */
  readonly reveal: (
    body: unknown,
    roles: readonly Role[],
    classified?: Readonly<Record<string, 'personal' | 'free-text' | 'confidential'>>,
  ) => Promise<unknown>;
  /** 32 bytes that seal the cursors of pages. */
  readonly cursorKey: Uint8Array;
  /** Business time: what is shown for today is shown for its day. */
  readonly clock: Clock;
  readonly monotonic: MonotonicClock;
  readonly timers: Timers;
  /** Where whatever follows something registers; tells how each of them stands. */
  readonly followers: Pick<Followers, 'register' | 'statusOf'>;
  readonly random: Random;
  /** What the caches of the process may hold. */
  readonly caches: CacheBudget;
  /** No other process can own the projections (the data folder is locked): no lease has to be waited out. */
  readonly soleOwner: boolean;
  readonly alert: (alert: string, facts: Readonly<Record<string, string | number>>) => void;
}

/** Nest's injection token of the ProjectorRuntime. */
export const PROJECTOR_RUNTIME = Symbol('PROJECTOR_RUNTIME');
