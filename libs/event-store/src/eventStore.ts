import type { Follower, WaitingPlace } from '@rapport/platform';

/** The event store's port. Adapters: memory/, embedded/ (SQLite), kurrentdb/. All pass conformance/. */
export interface EventStore {
  /**
   * Appends to one or more streams, all or nothing, each checked at its exact revision.
   *
   * Takes the bytes over: nobody may change them afterwards. Durable before it resolves. A repeat (the same event ids at the same expected revisions) resolves as
   * `appended` with what is stored, and stores nothing.
   *
   * @throws StoreError `unavailable` when it is unknown whether it was stored (repeat it with the same ids),
   *   `overloaded` (too much waits: nothing was stored), `full`, `closed`, `invalid` (a malformed request: nothing was
   *   stored)
   */
  append(writes: readonly StreamWrite[]): Promise<AppendResult>;

  /** Events of one stream in order of revision. An unknown stream has head -1 and no events. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<StreamSlice>;

  /** Events of all streams in store order, counted or not. */
  readAll(options?: ReadAllOptions): Promise<AllSlice>;

  /** Counted events in order of index, from `fromIndex` on. A page is cut like the others; empty at the end. */
  readCounted(fromIndex: number, limit: number): Promise<readonly StoredEvent[]>;

  /**
   * Every event of one category's streams that was stored when it was asked for, without reading the others:
   * each stream in order of revision, the streams in no particular order.
   */
  readCategory(category: string): AsyncIterable<StoredEvent>;

  /**
   * All events after a position, in store order, in batches: first what is stored, then what is appended, each
   * exactly once. Ends when `signal` aborts or the store is closed; throws StoreError when it cannot go on.
   */
  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]>;

  head(): Promise<StoreHead>;

  /** Where appends wait in this process; none where the server alone queues them. */
  readonly waitingPlaces?: readonly WaitingPlace[];

  /** What follows something within this store: whoever opens it registers them. */
  readonly followers?: readonly Follower[];

  /** Finishes what was accepted, then refuses with `closed`. Safe to call twice. */
  close(): Promise<void>;
}

/** Revision of a stream that does not exist. */
export const NO_STREAM = -1;

/** Position before the first event. */
export const BEFORE_FIRST = -1;

/** An event to be stored: `data` are the bytes that are hashed, proven and read back unchanged. */
export interface NewEvent {
  /**
   * UUID, as contract.md derives it from command, stream, place and content. A store refuses as `invalid` an id
   * that stands at another place among its last 65,536 events at least; older ones it need not notice.
   */
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
}

export interface StreamWrite {
  readonly stream: string;
  /** Revision of the stream's last event, NO_STREAM where it must not exist. */
  readonly expectedRevision: number;
  /** Empty: the stream is only checked. At most 256 kB each. */
  readonly events: readonly NewEvent[];
}

export interface StoredEvent extends NewEvent {
  /** Place in the store: grows, has gaps, means something only in this store. A safe integer. */
  readonly position: number;
  /** Place among the counted events, 0,1,2,… without gaps; null for events of uncounted categories. */
  readonly index: number | null;
  readonly stream: string;
  /** 0 for a stream's first event. */
  readonly revision: number;
}

export type AppendResult =
  | { readonly status: 'appended'; readonly events: readonly StoredEvent[] }
  | { readonly status: 'conflict'; readonly conflicts: readonly RevisionConflict[] };

export interface RevisionConflict {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly actualRevision: number;
}

export interface ReadStreamOptions {
  /** First revision to read (forwards: default 0; backwards: default the head). */
  readonly fromRevision?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** At most this many events; default 1,000. A page is also cut at 1 MiB of data, never below one event. */
  readonly limit?: number;
}

export interface StreamSlice {
  readonly events: readonly StoredEvent[];
  /** Revision of the stream's last event at the time of reading, NO_STREAM when there is none. */
  readonly headRevision: number;
}

export interface ReadAllOptions {
  /** Exclusive: forwards reads events after it, backwards events before it. */
  readonly after?: number;
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
}

export interface AllSlice {
  readonly events: readonly StoredEvent[];
  /** No event followed in the direction of reading. */
  readonly end: boolean;
}

export interface FollowOptions {
  /** Exclusive; BEFORE_FIRST for everything. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Largest batch; default 1,000. */
  readonly batchSize?: number;
}

export interface StoreHead {
  /** Position of the last event, BEFORE_FIRST in an empty store. */
  readonly position: number;
  /** Index of the last counted event, -1 when there is none. */
  readonly index: number;
}

/** `damaged`: no file that this version can read, which may also be another program's or a newer version's. */
/** `overloaded`: too much waits to be stored already; nothing of this was stored. */
export type StoreFailure =
  'unavailable' | 'overloaded' | 'full' | 'closed' | 'invalid' | 'in-use' | 'read-only' | 'damaged';

/** What the store could not do. The message names paths and settings, never stored data. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly failure: StoreFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
