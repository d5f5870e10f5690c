import { isReadable } from '@rapport/contracts';
import type { CachePart, Timers } from '@rapport/platform';
import { Counters } from '../counts/counters.ts';
import type { FieldOpener, Projection } from '../projection.ts';
import { projectionId } from '../viewStore.ts';
import type { Checkpoint, ProjectionControl, ViewCollection } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { BatchCommit } from './batchCommit.ts';
import { BatchDocuments } from './batchDocuments.ts';
import { CheckpointSaver } from './checkpointSaver.ts';
import { CommitQueue } from './commitQueue.ts';
import { DocumentWriter } from './documentWriter.ts';
import type { EventLog, LogEvent } from './eventLog.ts';
import { Fenced } from './fenced.ts';
import { foldBatch } from './foldBatch.ts';
import type { TouchedKeys } from './foldBatch.ts';
import type { Lease } from './lease.ts';
import { LogMismatch } from './logMismatch.ts';
import { Mutex } from './mutex.ts';
import { openFields } from './openFields.ts';
import { Pace } from './pace.ts';
import { ParkedKeys } from './parkedKeys.ts';
import type { PositionWaiters } from './positionWaiters.ts';
import type { RunnerEvents } from './runnerEvents.ts';
import { Tombstones } from './tombstones.ts';
import { touch } from './touch.ts';

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
  /** Told up to which index everything can be read. */
  readonly shown: (index: number) => void;
  /** For the documents that are remembered beyond those being written. */
  readonly room: CachePart;
  /** Under whose lease it goes on, as it ended with FoldedAhead. */
  readonly former: Pick<Tenure, 'recountAt'> | undefined;
  /** Told when it knows where it stands, before the first batch. */
  readonly resumed?: (tenure: Tenure) => void;
}

const LONGEST_WAIT_FOR_KEYS = 10_000;
const UNPARKED_TOGETHER = 1_000;

/**
 * One owner's time with one projection, from its checkpoint on: read the batch's documents, fold, write guarded,
 * then the checkpoint. It ends with the first write that is fenced or fails; the next tenure begins with what the
 * store has. Where it breaks off does not matter: before the checkpoint, the events come again and the index guard
 * makes them no-ops for the documents that were written.
 */
export class Tenure {
  readonly id: string;
  readonly parked: ParkedKeys;
  readonly writer: DocumentWriter;
  readonly documents: BatchDocuments;
  /** Last event taken in; its documents may still be on their way. */
  position = -1;
  index = -1;
  waitingForKeys = false;
  /** Of what was folded by now; absent where the projection declares none. */
  counters: Counters | undefined;
  /**
   * Index of the last event of which a former owner's write may still arrive: counted once more when all up to there is
   * stored, since such a write is met with its own index from then on.
   */
  recountAt: number | undefined;
  private readonly commits: CommitQueue;
  private readonly checkpoints: CheckpointSaver;
  private readonly commit: BatchCommit;
  private readonly tombstones: Tombstones;
  private readonly mutex = new Mutex();
  private readonly types: ReadonlySet<string>;
  private readonly stopping = new AbortController();

  constructor(readonly parts: TenureParts) {
    const { projection, collection, control, lease } = parts;
    this.id = projectionId(projection);
    this.types = new Set(projection.types);
    this.parked = new ParkedKeys(control, this.id);
    this.writer = new DocumentWriter({ id: this.id, collection, lease });
    this.documents = new BatchDocuments({ ...parts, parked: this.parked });
    this.tombstones = new Tombstones(collection, lease);
    this.commits = new CommitQueue((error) => this.stopping.abort(error));
    this.checkpoints = new CheckpointSaver({ ...parts, id: this.id }, this.commits);
    const { id, parked, writer, checkpoints, tombstones } = this;
    this.commit = new BatchCommit({ ...parts, id, parked, writer, checkpoints, tombstones });
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
      this.parts.resumed?.(this);
      const { log, timers, waiters } = this.parts;
      const pace = new Pace(timers, waiters, () => log.head());
      for await (const page of log.follow(this.position, this.stopping.signal, this.types)) {
        const passed = await this.mutex.run(() => this.takeIn(page));
        await pace.rest(this.position, passed, this.stopping.signal);
      }
      await this.checkpoints.flush();
      await this.commits.drained();
      // After whoever works between two batches.
      await this.mutex.run(() => this.saveCounts(this.recountAt === undefined));
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

  get ended(): boolean {
    return this.stopping.signal.aborted;
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
      try {
        return await work();
      } catch (error) {
        // Of what it wrote, nobody knows what is stored: the next tenure looks, and counts.
        this.recountAt = Infinity;
        if (error instanceof Fenced || error instanceof ViewStoreError) this.stopping.abort(error);
        throw error;
      }
    });
  }

  /**
   * Counted events up to where the tenure is, at least one.
   *
   * @throws why the tenure ended
   */
  async readCounted(fromIndex: number, limit: number): Promise<readonly LogEvent[]> {
    this.stopping.signal.throwIfAborted();
    const page = await this.parts.log.readCounted(fromIndex, limit);
    const taken = page.filter(({ index }) => index! <= this.index);
    if (taken.length === 0) throw new Error(`${this.id}: the log has no event with index ${fromIndex}`);
    return taken;
  }

  /**
   * Saves the counts with nothing under way.
   *
   * @param settled whether nothing more will be written
   */
  async saveCounts(settled = false): Promise<void> {
    if (this.counters !== undefined) await this.checkpoints.save(this.checkpoint(settled));
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
    await this.parked.look();
    const checkpoint = await control.loadCheckpoint(this.id);
    if (checkpoint?.logId !== log.logId) return this.startAgain(checkpoint !== undefined);
    const head = await log.head();
    if (checkpoint.position > head.position)
      throw new LogMismatch(this.id, checkpoint.position, head.position);
    this.position = checkpoint.position;
    this.index = checkpoint.index;
    this.tombstones.sweptBelow = checkpoint.index;
    this.documents.unwrittenAfter = head.index;
    await this.takeOverCounts(checkpoint, head.index);
    waiters.advance(checkpoint.position);
    this.parts.shown(checkpoint.index);
  }

  /** Whoever crashed may have written documents that no checkpoint speaks of: only what is stored tells. */
  private async takeOverCounts({ counts: saved, index }: Checkpoint, head: number): Promise<void> {
    const { projection, former } = this.parts;
    if (projection.counts === undefined) return;
    if (saved !== undefined && (saved.settled || former !== undefined)) {
      this.counters = Counters.from(saved.groups, projection.counts);
      this.recountAt = former?.recountAt;
      await this.saveCounts();
    } else {
      await this.recount();
      if (index < head) this.recountAt = head;
    }
  }

  /** With nothing under way. */
  private async recount(): Promise<void> {
    const { projection, collection } = this.parts;
    this.recountAt = undefined;
    this.counters = await Counters.over(collection, projection.counts!);
    await this.saveCounts();
  }

  /**
   * Another log numbers its events anew, so no index in a document means anything any more. Where there is no
   * checkpoint at all, documents may be left of a version that was being dropped. The view is emptied first: a crash
   * after that empties it again. The checkpoint before the first event says of which log all documents will be.
   */
  private async startAgain(anotherLog: boolean): Promise<void> {
    const { waiters, lease, collection, events, projection } = this.parts;
    waiters.reset();
    this.parts.shown(-1);
    await collection.clear(() => lease.assertHeld());
    this.documents.unwrittenAfter = -1;
    await this.unparkAll();
    if (projection.counts !== undefined) this.counters = new Counters(projection.counts);
    await this.checkpoints.save(this.checkpoint());
    if (anotherLog) events.startedAgain?.(this.id);
  }

  private async unparkAll(): Promise<void> {
    const { control, lease } = this.parts;
    for (;;) {
      const page = await control.parked(this.id, { limit: UNPARKED_TOGETHER });
      if (page.length === 0) break;
      lease.assertHeld();
      await control.unpark(
        this.id,
        page.map(({ key }) => key),
      );
    }
    await this.parked.look();
  }

  /** @returns events that the log has moved on by */
  private async takeIn(page: readonly LogEvent[]): Promise<number> {
    const last = page.at(-1)!;
    if (last.position <= this.position) return 0;
    const { projection, events } = this.parts;
    const { wanted, passed } = this.pass(page);
    const held = await this.parked.streamsAmong(wanted);
    const { touched, streams } = touch(projection, wanted, held);
    const documents = await this.documents.pin(touched);
    const opened = await this.openFields(touched);
    const batch = foldBatch(
      projection,
      opened,
      (key) => documents.get(key)!,
      (before, after) => this.counters?.move(before, after),
    );
    const parked = [...streams, ...batch.parked];
    this.parked.announce(parked);
    this.position = last.position;
    const checkpoint = this.checkpoint();
    const writes = [...batch.changed].map((document) => ({ ...document }));
    for (const document of batch.changed) {
      document.stored = document.body !== null;
      this.documents.weigh(document);
    }
    await this.commits.push(async () => {
      await this.commit.commit({ writes, parked, checkpoint, passed, touched: opened });
      this.documents.release(documents.values());
      this.parts.shown(checkpoint.index);
      events.committed?.(this.id, {
        index: checkpoint.index,
        position: checkpoint.position,
        events: passed,
        documents: writes.length,
        recordedAt: page.findLast(isReadable)?.recordedAt,
      });
    });
    if (this.recountAt !== undefined && this.index >= this.recountAt) {
      await this.commits.drained();
      await this.recount();
    }
    return passed;
  }

  /** The events that the projection folds; counts the others past. */
  private pass(page: readonly LogEvent[]): { readonly wanted: readonly LogEvent[]; readonly passed: number } {
    const before = this.index;
    const wanted: LogEvent[] = [];
    let uncounted = 0;
    for (const event of page) {
      if (event.position <= this.position) continue;
      if (event.index === null) {
        uncounted += 1;
        this.parts.events.uncounted?.(this.id, event);
        continue;
      }
      this.index = event.index;
      if (this.types.has(event.type)) wanted.push(event);
    }
    // Counted ones that nobody here folds may have been left out of the page.
    return { wanted, passed: this.index - before + uncounted };
  }

  private checkpoint(settled = false): Checkpoint {
    const { counters, index, position } = this;
    const { logId } = this.parts.log;
    return {
      logId,
      index,
      position,
      ...(counters !== undefined && { counts: { groups: counters.counts, settled } }),
    };
  }
}
