import { Counters } from '../counts/counters.ts';
import type { Projection } from '../projection.ts';
import type { Checkpoint, ParkedKey, ViewCollection } from '../viewStore.ts';
import type { CheckpointSaver } from './checkpointSaver.ts';
import { foldedDocument } from './documentCache.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { DocumentWriter, Refusals } from './documentWriter.ts';
import { reasonOf } from './failureText.ts';
import { foldBatch } from './foldBatch.ts';
import type { TouchedKeys } from './foldBatch.ts';
import { FoldedAhead } from './foldedAhead.ts';
import type { Lease } from './lease.ts';
import type { ParkedKeys } from './parkedKeys.ts';
import type { PositionWaiters } from './positionWaiters.ts';
import type { RunnerEvents } from './runnerEvents.ts';
import type { Tombstones } from './tombstones.ts';
import { HELD_BY_STREAM } from './touch.ts';

/** A batch as it was folded. */
export interface FoldedWrites {
  /** Copies: the next batch changes the documents while this one is written. */
  readonly writes: readonly FoldedDocument[];
  readonly parked: readonly ParkedKey[];
  readonly checkpoint: Checkpoint;
  /** What was folded, fields opened. */
  readonly touched: readonly TouchedKeys[];
  /** Events that the log has moved on by. */
  readonly passed: number;
}

export interface BatchCommitParts {
  /** Of the projection. */
  readonly id: string;
  readonly projection: Projection;
  readonly collection: ViewCollection;
  readonly lease: Lease;
  readonly writer: DocumentWriter;
  readonly parked: ParkedKeys;
  readonly checkpoints: CheckpointSaver;
  readonly tombstones: Tombstones;
  readonly waiters: PositionWaiters;
  readonly events: RunnerEvents;
}

/** Commits folded batches: documents, parked keys, then the checkpoint. */
export class BatchCommit {
  constructor(private readonly parts: BatchCommitParts) {}

  /** @throws FoldedAhead after the commit, where a document was refused */
  async commit(folded: FoldedWrites): Promise<void> {
    const { id, projection, lease, parked, checkpoints, tombstones, waiters, writer } = this.parts;
    const refused = await writer.write(folded.writes);
    const batch = refused.size === 0 ? folded : await this.without(refused, folded);
    tombstones.count(batch.writes);
    if (batch.parked.length > 0) {
      lease.assertHeld();
      await parked.park(batch.parked);
      this.tell(batch.parked);
    }
    const { checkpoint, writes, passed } = batch;
    const counted = projection.counts !== undefined;
    if (!counted) waiters.advance(checkpoint.position);
    // Last: whoever finds this checkpoint finds all that it speaks of.
    if (writes.length > 0 || batch.parked.length > 0) await checkpoints.save(checkpoint);
    else await checkpoints.saveSoon(checkpoint, passed);
    // Counts are read from the checkpoint.
    if (counted) waiters.advance(checkpoint.position);
    await tombstones.sweep(checkpoint.index);
    if (refused.size > 0) throw new FoldedAhead(id);
  }

  /** One alert for what is at fault, none for what waits because of it. */
  private tell(parked: readonly ParkedKey[]): void {
    for (const entry of parked) if (entry.reason !== HELD_BY_STREAM) this.parts.events.parked?.(entry);
  }

  /** The batch without what the store refuses; each refused key is parked at the event that made it so. */
  private async without(refused: Refusals, folded: FoldedWrites): Promise<FoldedWrites> {
    const { projection } = this.parts;
    const { counts } = folded.checkpoint;
    const counters = counts && Counters.from(counts.groups, projection.counts ?? []);
    const parked = folded.parked.filter(({ key }) => !refused.has(key));
    for (const { key, body } of folded.writes) {
      if (!refused.has(key)) continue;
      const { document, entry } = await this.upToRefusal(key, folded.touched);
      if (entry !== undefined) parked.push(entry);
      counters?.correct(body, document.body);
    }
    return {
      ...folded,
      parked,
      writes: folded.writes.filter(({ key }) => !refused.has(key)),
      checkpoint: {
        ...folded.checkpoint,
        ...(counters !== undefined && { counts: { groups: counters.counts, settled: false } }),
      },
    };
  }

  /** Folds and writes one key's events one by one. @returns the document as it is stored, and why it goes no further */
  private async upToRefusal(
    key: string,
    touched: readonly TouchedKeys[],
  ): Promise<{ readonly document: FoldedDocument; readonly entry?: ParkedKey }> {
    const { id, projection, collection, writer } = this.parts;
    let document = foldedDocument(key, (await collection.load([key])).get(key), undefined);
    for (const one of touched) {
      if (!one.keys.includes(key)) continue;
      const next = { ...document };
      const { changed, parked } = foldBatch(projection, [{ ...one, keys: [key] }], () => next);
      if (parked.length > 0) return { document, entry: parked[0] };
      if (changed.size === 0) continue;
      const refusal = (await writer.write([next], true)).get(key);
      if (refusal !== undefined) {
        const { index, stream } = one.event;
        return {
          document,
          entry: { projection: id, key, index: index!, stream, reason: reasonOf(refusal) },
        };
      }
      document = next;
    }
    return { document };
  }
}
