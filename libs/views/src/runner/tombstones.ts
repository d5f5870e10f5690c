import type { ViewCollection } from '../viewStore.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { Lease } from './lease.ts';

/** Tombstones written between two sweeps. */
const SWEEP_EVERY = 1_000;

/**
 * Removes tombstones below the checkpoint of the former sweep: by then, no write that is older can be under way, so
 * none can bring a deleted document back.
 */
export class Tombstones {
  /** Of the checkpoint at the former sweep, or at the begin. */
  sweptBelow = -1;
  private written = 0;

  constructor(
    private readonly collection: ViewCollection,
    private readonly lease: Lease,
  ) {}

  count(documents: readonly FoldedDocument[]): void {
    for (const { body } of documents) if (body === null) this.written += 1;
  }

  /** @param index of the checkpoint */
  async sweep(index: number): Promise<void> {
    if (this.written < SWEEP_EVERY) return;
    this.written = 0;
    this.lease.assertHeld();
    await this.collection.sweep(this.sweptBelow);
    this.sweptBelow = index;
  }
}
