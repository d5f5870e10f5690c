import type { SavedCounts } from './counts/viewCounts.ts';
import type { Scalar } from './scalar.ts';

export type { Scalar } from './scalar.ts';

/**
 * The views' port: versioned collections of JSON documents, each with the index of the event that it reflects.
 * Adapters: embedded/ (SQLite), memory/, mongodb/. All pass conformance/. No adapter offers transactions over documents,
 * and the projection algorithm needs none (contract.md, «Views»).
 */
export interface ViewStore {
  /** Opens (creates if absent) one version of a view. */
  open(definition: ViewDefinition): Promise<ViewCollection>;

  /** Versions of a view that exist, which one answers queries, and which one is kept beside it. */
  versions(view: string): Promise<ViewVersions>;

  /**
   * Makes a version the live one, atomically. The former one is kept beside it from then on, until another is or it is
   * dropped. Of two callers at once, which version is kept beside is not said.
   */
  switchTo(view: string, version: number): Promise<void>;

  /** Says which version is kept beside the live one: a build under way, or what to switch back to. */
  keepBeside(view: string, version: number): Promise<void>;

  /** Drops a version that is not live: its checkpoint and parked keys first, then its documents. */
  drop(view: string, version: number): Promise<void>;

  /** Lease, epoch and checkpoint of projections. */
  readonly control: ProjectionControl;

  close(): Promise<void>;
}

export interface ViewDefinition {
  /** `[a-z][a-z-]{0,39}` */
  readonly name: string;
  /** From 1; another shape or another fold is another version. */
  readonly version: number;
  /** Declared beside the view; each a list of field paths, most significant first. */
  readonly indexes: readonly ViewIndex[];
}

export interface ViewIndex {
  /** Dotted paths into the body: `customerId`, `tier.value`. */
  readonly fields: readonly string[];
}

export interface ViewVersions {
  readonly live: number | undefined;
  /** Exists, and is not the live one. */
  readonly beside?: number;
  readonly all: readonly number[];
}

/** Any JSON object. */
export type DocumentBody = { readonly [field: string]: unknown };

export interface ViewDocument<Body = DocumentBody> {
  readonly key: string;
  /** Index of the last event folded into it. */
  readonly index: number;
  readonly body: Body;
}

export interface DocumentWrite<Body = DocumentBody> {
  readonly key: string;
  readonly index: number;
  /** null leaves a tombstone: invisible to queries, still guarding its index. */
  readonly body: Body | null;
  /** A hint, which need not be true: a live document with this key stands there already. */
  readonly replaces?: boolean;
  /** Folded anew from the log: it also replaces what stands there with the same index. */
  readonly refolded?: boolean;
}

/** The name under which the control keeps lease, epoch and checkpoint of one version: `tier@2`. */
export function projectionId(definition: Pick<ViewDefinition, 'name' | 'version'>): string {
  return `${definition.name}@${definition.version}`;
}

export interface ViewCollection<Body = DocumentBody> {
  readonly definition: ViewDefinition;

  /** Documents as they are, tombstones included (body null); absent keys are absent. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, ViewDocument<Body | null>>>;

  /**
   * Writes each document whose stored index is lower than the given one (for one that was refolded: not higher), or
   * which is absent. Others are left alone and counted as `fenced`. Durable, or at least replayable from the checkpoint, before it resolves: a
   * checkpoint that is found after a power cut never speaks of documents that are not. Each key at most once.
   *
   * @throws ViewStoreError `refused` where a document is larger than MAX_DOCUMENT_BYTES, nested deeper than
   *   MAX_DOCUMENT_DEPTH, or no JSON. Where it throws, some of the documents may be written
   */
  write(documents: readonly DocumentWrite<Body>[]): Promise<WriteReport>;

  get(key: string): Promise<ViewDocument<Body> | undefined>;

  /** Documents that match, in order of `sort` and then key; descending is the exact reverse of ascending. */
  find(query: ViewQuery): Promise<ViewPage<Body>>;

  count(filter?: ViewFilter): Promise<number>;

  /** One row per combination of `by` that occurs, in their order; no document, no row. A missing field is null. */
  aggregate(query: AggregateQuery): Promise<readonly AggregateRow[]>;

  /** Every live document in order of key, for comparison. */
  scan(): AsyncIterable<ViewDocument<Body>>;

  /** Removes tombstones whose index is at or below `index`. */
  sweep(index: number): Promise<number>;

  /**
   * Removes every document and tombstone: the log is another one and the view starts again.
   *
   * @param assertHeld called before each step; throws where another owner may have begun. There is no guard against a
   *   removal that arrives late, so no step may go on for longer than a write
   */
  clear(assertHeld?: () => void): Promise<void>;
}

export interface WriteReport {
  readonly written: number;
  readonly fenced: number;
}

/**
 * All conditions hold. Paths are dotted and lead through objects, not through arrays; a segment is a letter or `_`,
 * then letters, digits, `_` and `-`. A value is an equality; null is what is missing or null. A field that is
 * queried holds scalars of one type. Numbers compare with numbers only, text with text only, by code point.
 */
export type ViewFilter = Readonly<Record<string, Scalar | Condition>>;

export interface Condition {
  readonly in?: readonly Scalar[];
  readonly gte?: string | number;
  readonly lt?: string | number;
  readonly lte?: string | number;
  readonly gt?: string | number;
  /** Text that starts with it, by code point. */
  readonly startsWith?: string;
  /** Present and not null, or not. */
  readonly exists?: boolean;
}

export interface ViewQuery {
  readonly filter?: ViewFilter;
  /** One path, default the key. Documents without the field come first when ascending. */
  readonly sort?: { readonly by: string; readonly direction: 'asc' | 'desc' };
  /** From a page's `next`. */
  readonly after?: ViewCursor;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** The last document's sort value (null where sorted by key, or missing) and key. */
export interface ViewCursor {
  readonly value: Scalar;
  readonly key: string;
}

export interface ViewPage<Body> {
  readonly documents: readonly ViewDocument<Body>[];
  readonly next?: ViewCursor;
}

export interface AggregateQuery {
  readonly filter?: ViewFilter;
  readonly by: readonly string[];
  /** Numeric fields: count of documents that have it, sum, minimum and maximum; all 0 where none has it. */
  readonly measure: readonly string[];
}

export interface AggregateRow {
  readonly group: Readonly<Record<string, Scalar>>;
  readonly count: number;
  readonly measures: Readonly<
    Record<string, { readonly n: number; readonly sum: number; readonly min: number; readonly max: number }>
  >;
}

/** Which events a projection has folded, and who may fold them. */
export interface ProjectionControl {
  /** Undefined before the first save. */
  loadCheckpoint(projection: string): Promise<Checkpoint | undefined>;

  /**
   * Saves only for the holder of `epoch`, never backwards; a checkpoint of another log replaces any.
   *
   * @returns false when fenced: stop at once
   */
  saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint): Promise<boolean>;

  /**
   * Claims the next epoch by an insert that only one claimant can make.
   * @returns undefined when another made it first
   */
  claimEpoch(projection: string, owner: string, epoch: number): Promise<Epoch | undefined>;

  /** The highest epoch claimed so far. */
  currentEpoch(projection: string): Promise<Epoch | undefined>;

  /** The owner of `epoch` says that it is alive: counts `beat` up. @returns false when another epoch is current */
  beat(projection: string, epoch: number): Promise<boolean>;

  /** The owner lets go: a claimant need not wait out its lease. Without effect when another epoch is current. */
  release(projection: string, epoch: number): Promise<void>;

  /** Each replaces what is parked under the same key; each key at most once. */
  park(entries: readonly ParkedKey[]): Promise<void>;
  unpark(projection: string, keys: readonly string[]): Promise<void>;
  /** A page in order of key. */
  parked(projection: string, page: ParkedPage): Promise<readonly ParkedKey[]>;
  /** What is parked under any of these keys. */
  parkedAmong(projection: string, keys: readonly string[]): Promise<readonly ParkedKey[]>;
  countParked(projection: string): Promise<number>;
}

export interface ParkedPage {
  /** The last key of the page before. */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
}

export interface Epoch {
  readonly epoch: number;
  readonly owner: string;
  /** Grows while the owner lives; a claimant that sees it stand still for the lease may claim the next epoch. */
  readonly beat: number;
  /** Nobody writes under this epoch any more: the next one may be claimed at once. */
  readonly released: boolean;
}

export interface Checkpoint {
  /** Of the log that was folded: another log means starting again. */
  readonly logId: string;
  /** Index of the last event folded; -1 before the first. */
  readonly index: number;
  /** Its position in the store. */
  readonly position: number;
  /** The projection's declared counts over the documents as they are then. */
  readonly counts?: SavedCounts;
}

/** A key whose event could not be folded: it and everything later for that key waits. */
export interface ParkedKey {
  readonly projection: string;
  readonly key: string;
  /** The event that failed. */
  readonly index: number;
  readonly stream: string;
  /** Type of the error; never its message, which may hold personal data. */
  readonly reason: string;
}
