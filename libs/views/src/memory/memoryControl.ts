import { assertLimit } from '../query/assertQuery.ts';
import { compareText } from '../query/scalarOrder.ts';
import type { Checkpoint, Epoch, ParkedKey, ParkedPage, ProjectionControl } from '../viewStore.ts';

/** Lease, epoch, checkpoint and parked keys in memory. */
export class MemoryControl implements ProjectionControl {
  private readonly checkpoints = new Map<string, Checkpoint>();
  private readonly epochs = new Map<string, Epoch>();
  private readonly parkedKeys = new Map<string, Map<string, ParkedKey>>();

  constructor(private readonly assertOpen: () => void) {}

  async loadCheckpoint(projection: string): Promise<Checkpoint | undefined> {
    this.assertOpen();
    return this.checkpoints.get(projection);
  }

  async saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint): Promise<boolean> {
    this.assertOpen();
    if (this.epochs.get(projection)?.epoch !== epoch) return false;
    const saved = this.checkpoints.get(projection);
    if (saved?.logId === checkpoint.logId && saved.position > checkpoint.position) return false;
    this.checkpoints.set(projection, { ...checkpoint });
    return true;
  }

  async claimEpoch(projection: string, owner: string, epoch: number): Promise<Epoch | undefined> {
    this.assertOpen();
    if (epoch !== (this.epochs.get(projection)?.epoch ?? 0) + 1) return undefined;
    const claimed = { epoch, owner, beat: 0, released: false };
    this.epochs.set(projection, claimed);
    return claimed;
  }

  async currentEpoch(projection: string): Promise<Epoch | undefined> {
    this.assertOpen();
    return this.epochs.get(projection);
  }

  async beat(projection: string, epoch: number): Promise<boolean> {
    this.assertOpen();
    const current = this.epochs.get(projection);
    if (current?.epoch !== epoch) return false;
    this.epochs.set(projection, { ...current, beat: current.beat + 1 });
    return true;
  }

  async release(projection: string, epoch: number): Promise<void> {
    this.assertOpen();
    const current = this.epochs.get(projection);
    if (current?.epoch === epoch) this.epochs.set(projection, { ...current, released: true });
  }

  async park(entries: readonly ParkedKey[]): Promise<void> {
    this.assertOpen();
    for (const entry of entries) {
      const keys = this.parkedKeys.get(entry.projection) ?? new Map<string, ParkedKey>();
      keys.set(entry.key, { ...entry });
      this.parkedKeys.set(entry.projection, keys);
    }
  }

  async unpark(projection: string, keys: readonly string[]): Promise<void> {
    this.assertOpen();
    for (const key of keys) this.parkedKeys.get(projection)?.delete(key);
  }

  async parked(projection: string, { after, limit }: ParkedPage): Promise<readonly ParkedKey[]> {
    this.assertOpen();
    assertLimit(limit);
    return [...(this.parkedKeys.get(projection)?.values() ?? [])]
      .filter(({ key }) => after === undefined || compareText(key, after) > 0)
      .sort((a, b) => compareText(a.key, b.key))
      .slice(0, limit);
  }

  async parkedAmong(projection: string, keys: readonly string[]): Promise<readonly ParkedKey[]> {
    this.assertOpen();
    const parked = this.parkedKeys.get(projection);
    return keys.flatMap((key) => parked?.get(key) ?? []);
  }

  async countParked(projection: string): Promise<number> {
    this.assertOpen();
    return this.parkedKeys.get(projection)?.size ?? 0;
  }

  /** Of a version that is dropped; its epochs stay, so that who still believes to own it is fenced. */
  forget(projection: string): void {
    this.checkpoints.delete(projection);
    this.parkedKeys.delete(projection);
  }
}
