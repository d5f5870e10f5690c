import type { RecordedEvent } from '@rapport/contracts';
import type { Timers } from '@rapport/platform';
import type { FieldOpener, Projection } from '../projection.ts';
import { projectionId } from '../viewStore.ts';
import type { Checkpoint, ParkedKey, ProjectionControl, ViewCollection } from '../viewStore.ts';
import { CheckpointSaver } from './checkpointSaver.ts';
import { CommitQueue } from './commitQueue.ts';
import { DocumentCache } from './documentCache.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { EventLog } from './eventLog.ts';
import { Fenced } from './fenced.ts';
import { foldBatch } from './foldBatch.ts';
import type { FoldedBatch, TouchedKeys } from './foldBatch.ts';
import type { Lease } from './lease.ts';
import { LogMismatch } from './logMismatch.ts';
import { Mutex } from './mutex.ts';
import { openFields } from './openFields.ts';
import { Pace } from './pace.ts';
import type { PositionWaiters } from './positionWaiters.ts';
import type { RunnerEvents } from './runnerEvents.ts';

export interface TenureParts {
  readonly projection: Projection;
  readonly collection: ViewCollection;
  readonly control: ProjectionControl;
  readonly log: EventLog;
  readonly lease: Lease;
  readonly opener: FieldOpener | undefined;
  readonly timers: Timers;
  readonly waiters: PositionWaiters;
  readonly events: RunnerEvents;
  /** Documents that are remembered beyond those being written. */
  readonly cacheSize: number;
}

const LONGEST_WAIT_FOR_KEYS = 10_000;

/**
 * One owner's time with one projection, from its checkpoint on: read the batch's documents, fold, write guarded,
 * then the checkpoint. It ends with the first write that is fenced or fails; the next tenure begins with what the
 * store has. Where it breaks off does not matter: before the checkpoint, the events come again and the index guard
 * makes them no-ops for the documents that were written.
 */
export class Tenure {
  readonly id: string;
  readonly parked = new Map<string, ParkedKey>();
  /** Whether what was parked before stands in `parked` by now. */
  knowsParked = false;
  /** Last event taken in; its documents may still be on their way. */
  position = -1;
  index = -1;
  waitingForKeys = false;
  private readonly cache: DocumentCache;
  private readonly commits: CommitQueue;
  private readonly checkpoints: CheckpointSaver;
  private readonly mutex = new Mutex();
  private readonly types: ReadonlySet<string>;
  private readonly stopping = new AbortController();
  private sweptBelow = -1;
  private tombstones = 0;
  /** Only events after this index can have no trace in the store yet; -1 where it was empty to begin with. */
  private unwrittenAfter = Number.MAX_SAFE_INTEGER;
  private readonly starts: ReadonlySet<string>;

  constructor(readonly parts: TenureParts) {
    this.id = projectionId(parts.projection);
    this.types = new Set(parts.projection.types);
    this.starts = new Set(parts.projection.starts);
    const everyTypeStarts = parts.projection.types.every((type) => this.starts.has(type));
    this.cache = new DocumentCache(everyTypeStarts ? 0 : parts.cacheSize);
    this.commits = new CommitQueue((error) => this.stopping.abort(error));
    this.checkpoints = new CheckpointSaver({ ...parts, id: this.id }, this.commits);
  }

  /** Resolves when `signal` aborts, after what was begun is committed. @throws why it could not go on */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.stopping.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // Not waited for: a beat that hangs must not keep the end of the tenure from being told.
    void this.parts.lease.keep(this.stopping.signal).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.stopping.abort(error);
    });
    try {
      await this.mutex.run(() => this.resume());
      const { log, timers, waiters } = this.parts;
      const pace = new Pace(timers, waiters, () => log.head());
      for await (const page of log.follow(this.position, this.stopping.signal, this.types)) {
        const passed = await this.mutex.run(() => this.takeIn(page));
        await pace.rest(this.position, passed, this.stopping.signal);
      }
      await this.checkpoints.flush();
      await this.commits.drained();
      if (!signal.aborted) throw this.stopping.signal.reason ?? new Error('the log has ended');
    } catch (error) {
      // Whoever works between two batches is told, too.
      this.stopping.abort(error);
      // A wait that was cut short says only that; what cut it short is the reason.
      if (signal.aborted && !(error instanceof Fenced)) return;
      throw signal.aborted ? error : this.stopping.signal.reason;
    } finally {
      signal.removeEventListener('abort', stop);
      this.stopping.abort();
      this.checkpoints.cancel();
      await this.commits.idle();
    }
  }

  /**
   * Runs `work` between two batches, with everything that was taken in committed.
   *
   * @throws why the tenure ended
   */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.mutex.run(async () => {
      this.stopping.signal.throwIfAborted();
      await this.commits.drained();
      return work();
    });
  }

  /** The stored document, or as folded where it is newer. */
  async document(key: string): Promise<FoldedDocument> {
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const stored = (await this.parts.collection.load([key])).get(key);
    return this.cache.add(key, stored?.index ?? -1, stored?.body ?? null);
  }

  /** @throws Fenced */
  async write(documents: readonly FoldedDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const { lease, collection } = this.parts;
    lease.assertHeld();
    const report = await collection.write(
      documents.map(({ key, index, body, stored: replaces }) => ({ key, index, body, replaces })),
    );
    if (report.fenced > 0) {
      const fenced = new Fenced('document', this.id, lease.epoch);
      this.stopping.abort(fenced);
      throw fenced;
    }
    this.tombstones += documents.filter(({ body }) => body === null).length;
  }

  openFields(touched: readonly TouchedKeys[]): Promise<readonly TouchedKeys[]> {
    const { projection, opener, timers, events } = this.parts;
    return openFields(projection, opener, touched, async (attempt) => {
      this.waitingForKeys = true;
      events.keysUnavailable?.(this.id);
      await timers.sleep(Math.min(LONGEST_WAIT_FOR_KEYS, 50 * 2 ** attempt), this.stopping.signal);
    }).finally(() => (this.waitingForKeys = false));
  }

  private async resume(): Promise<void> {
    const { control, log, waiters } = this.parts;
    for (const entry of await control.parked(this.id)) this.parked.set(entry.key, entry);
    this.knowsParked = true;
    const checkpoint = await control.loadCheckpoint(this.id);
    if (checkpoint?.logId !== log.logId) return this.startAgain(checkpoint !== undefined);
    const head = await log.head();
    if (checkpoint.position > head.position)
      throw new LogMismatch(this.id, checkpoint.position, head.position);
    this.position = checkpoint.position;
    this.index = checkpoint.index;
    this.sweptBelow = checkpoint.index;
    this.unwrittenAfter = head.index;
    waiters.advance(checkpoint.position);
  }

  /**
   * Another log numbers its events anew, so no index in a document means anything any more. Where there is no
   * checkpoint at all, documents may be left of a version that was being dropped. The view is emptied first: a crash
   * after that empties it again. The checkpoint before the first event says of which log all documents will be.
   */
  private async startAgain(anotherLog: boolean): Promise<void> {
    const { control, log, waiters, lease, collection, events } = this.parts;
    waiters.reset();
    await collection.clear(() => lease.assertHeld());
    this.unwrittenAfter = -1;
    for (const key of this.parked.keys()) await control.unpark(this.id, key);
    this.parked.clear();
    await this.checkpoints.save({ logId: log.logId, index: -1, position: -1 });
    if (anotherLog) events.startedAgain?.(this.id);
  }

  /** @returns events that the log has moved on by */
  private async takeIn(page: readonly RecordedEvent[]): Promise<number> {
    const last = page.at(-1)!;
    if (last.position <= this.position) return 0;
    // Counted ones that nobody here folds may have been left out of the page.
    const uncounted = page.filter(({ position, index }) => index === null && position > this.position);
    const before = this.index;
    const touched = this.touched(page);
    const passed = this.index - before + uncounted.length;
    const documents = await this.load(touched);
    const opened = await this.openFields(touched);
    const batch = foldBatch(this.parts.projection, opened, (key) => documents.get(key)!);
    for (const entry of batch.parked) {
      this.parked.set(entry.key, entry);
      const failed = documents.get(entry.key)!;
      // Where it was not read, nothing is known of it now.
      if (failed.index === -1) this.cache.forget(failed);
    }

    this.position = last.position;
    const { logId } = this.parts.log;
    const checkpoint = { logId, index: this.index, position: this.position };
    // Copied now: the next batch changes the documents while this one is written.
    const writes = [...batch.changed].map((document) => ({ ...document }));
    for (const document of batch.changed) document.stored = document.body !== null;
    await this.commits.push(async () => {
      await this.commit(writes, batch, checkpoint, passed);
      for (const document of documents.values()) document.pending--;
      this.cache.trim();
      this.parts.events.committed?.(this.id, {
        ...checkpoint,
        events: passed,
        documents: writes.length,
        recordedAt: last.recordedAt,
      });
    });
    return passed;
  }

  /** The events that the projection folds, with their keys; counts the others past. */
  private touched(page: readonly RecordedEvent[]): TouchedKeys[] {
    const { projection, events } = this.parts;
    const touched: TouchedKeys[] = [];
    for (const event of page) {
      if (event.position <= this.position) continue;
      if (event.index === null) {
        events.uncounted?.(this.id, event);
        continue;
      }
      const { index } = event;
      this.index = index;
      if (!this.types.has(event.type)) continue;
      const keys = distinct(projection.keys(event)).filter((key) => !this.isParked(key, index));
      if (keys.length > 0) touched.push({ event, keys });
    }
    return touched;
  }

  /** What came before the event that failed was folded and written before the key was parked. */
  private isParked(key: string, index: number): boolean {
    const entry = this.parked.get(key);
    return entry !== undefined && index >= entry.index;
  }

  /** The documents that the batch touches, pinned in the cache until it is committed. */
  private async load(touched: readonly TouchedKeys[]): Promise<ReadonlyMap<string, FoldedDocument>> {
    const documents = new Map<string, FoldedDocument>();
    const unknown = new Set<string>();
    const pin = (document: FoldedDocument): void => {
      document.pending++;
      documents.set(document.key, document);
    };
    for (const { event, keys } of touched) {
      for (const key of keys) {
        if (documents.has(key) || unknown.has(key)) continue;
        const known = this.cache.get(key);
        if (known !== undefined) {
          this.cache.touch(known);
          pin(known);
        } else if (this.startsAnew(event)) pin(this.cache.add(key, -1, null));
        else unknown.add(key);
      }
    }
    if (unknown.size === 0) return documents;
    const stored = await this.parts.collection.load([...unknown]);
    for (const key of unknown) {
      const document = stored.get(key);
      pin(this.cache.add(key, document?.index ?? -1, document?.body ?? null));
    }
    return documents;
  }

  /**
   * Whether nothing that is stored matters for the event. What is stored may be anything that an earlier owner folded,
   * hence up to the head as this one found it: the guard would fence who writes below that without having looked.
   */
  private startsAnew({ type, index }: RecordedEvent): boolean {
    return this.starts.has(type) && index! > this.unwrittenAfter;
  }

  private async commit(
    writes: readonly FoldedDocument[],
    batch: FoldedBatch,
    checkpoint: Checkpoint,
    passed: number,
  ): Promise<void> {
    const { lease, control, waiters, events } = this.parts;
    await this.write(writes);
    for (const entry of batch.parked) {
      lease.assertHeld();
      await control.park(entry);
      events.parked?.(entry);
    }
    waiters.advance(checkpoint.position);
    // Last: whoever finds this checkpoint finds all that it speaks of.
    if (writes.length > 0 || batch.parked.length > 0) await this.checkpoints.save(checkpoint);
    else await this.checkpoints.saveSoon(checkpoint, passed);
    await this.sweep(checkpoint.index);
  }

  /**
   * Removes tombstones below the checkpoint of the former sweep: by now, no write that is older can be under way, so
   * none can bring a deleted document back.
   */
  private async sweep(index: number): Promise<void> {
    if (this.tombstones < SWEEP_EVERY) return;
    this.tombstones = 0;
    this.parts.lease.assertHeld();
    await this.parts.collection.sweep(this.sweptBelow);
    this.sweptBelow = index;
  }
}

/** Tombstones written between two sweeps. */
const SWEEP_EVERY = 1_000;

function distinct(keys: readonly string[]): readonly string[] {
  return keys.length < 2 ? keys : [...new Set(keys)];
}
