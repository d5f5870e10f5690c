import type { Collection } from 'mongodb';
import type { Checkpoint, Epoch, ParkedKey, ProjectionControl } from '../viewStore.ts';
import type { MongoAccess } from './mongoAccess.ts';
import { isDuplicateKey } from './mongoViewErrors.ts';
import { upserted } from './upserted.ts';

/** One claim of an epoch, made once and for ever by inserting it. */
interface Claim {
  /** `tier@2#7` */
  readonly _id: string;
  readonly projection: string;
  readonly epoch: number;
  readonly owner: string;
  readonly beat: number;
  readonly released: boolean;
}

/** `epoch`: the lowest one that may still save. The others are absent before the first save. */
interface StoredCheckpoint {
  readonly _id: string;
  readonly epoch: number;
  readonly logId?: string;
  readonly index?: number;
  readonly position?: number;
}

interface StoredParkedKey extends Omit<ParkedKey, 'key'> {
  /** JSON of projection and key. */
  readonly _id: string;
  readonly key: string;
}

/**
 * Lease, epoch, checkpoint and parked keys, without transactions. The current epoch is the highest that was claimed;
 * inserting the claim is the one step that decides, so a claimant that dies right after it leaves an epoch that stands
 * still, as one that died later would.
 */
export class MongoControl implements ProjectionControl {
  private readonly claims: Collection<Claim>;
  private readonly checkpoints: Collection<StoredCheckpoint>;
  private readonly parkedKeys: Collection<StoredParkedKey>;

  constructor(private readonly access: MongoAccess) {
    this.claims = access.db.collection('epochs');
    this.checkpoints = access.db.collection('checkpoints');
    this.parkedKeys = access.db.collection('parked');
  }

  /** Makes the indexes that its queries use. */
  async prepare(): Promise<void> {
    await this.claims.createIndex({ projection: 1, epoch: 1 });
    await this.parkedKeys.createIndex({ projection: 1, key: 1 });
  }

  loadCheckpoint(projection: string): Promise<Checkpoint | undefined> {
    return this.access.run(async () => {
      const saved = await this.checkpoints.findOne({ _id: projection });
      if (saved?.logId === undefined) return undefined;
      return { logId: saved.logId, index: saved.index!, position: saved.position! };
    });
  }

  saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint): Promise<boolean> {
    const { logId, index, position } = checkpoint;
    return this.access.run(async () => {
      const { matchedCount } = await this.checkpoints.updateOne(
        { _id: projection, epoch, $or: [{ logId: { $ne: logId } }, { position: { $lt: position } }] },
        { $set: { logId, index, position } },
      );
      return matchedCount === 1;
    });
  }

  claimEpoch(projection: string, owner: string, epoch: number): Promise<Epoch | undefined> {
    return this.access.run(async () => {
      if (epoch !== ((await this.highest(projection))?.epoch ?? 0) + 1) return undefined;
      const claimed = { epoch, owner, beat: 0, released: false };
      if (
        !(await inserted(this.claims.insertOne({ _id: claimId(projection, epoch), projection, ...claimed })))
      ) {
        return undefined;
      }
      await this.fenceBelow(projection, epoch);
      return claimed;
    });
  }

  currentEpoch(projection: string): Promise<Epoch | undefined> {
    return this.access.run(async () => {
      const claim = await this.highest(projection);
      if (claim === undefined) return undefined;
      const { epoch, owner, beat, released } = claim;
      return { epoch, owner, beat, released };
    });
  }

  beat(projection: string, epoch: number): Promise<boolean> {
    return this.access.run(async () => {
      const { matchedCount } = await this.claims.updateOne(
        { _id: claimId(projection, epoch) },
        { $inc: { beat: 1 } },
      );
      // Looked at after the beat: a claim that is not there yet was made by somebody who could see the beat.
      return matchedCount === 1 && (await this.highest(projection))?.epoch === epoch;
    });
  }

  release(projection: string, epoch: number): Promise<void> {
    return this.access.run(async () => {
      await this.claims.updateOne({ _id: claimId(projection, epoch) }, { $set: { released: true } });
    });
  }

  park(entry: ParkedKey): Promise<void> {
    return this.access.run(async () => {
      const { projection, key, index, stream, reason } = entry;
      await upserted(() =>
        this.parkedKeys.replaceOne(
          { _id: parkedId(projection, key) },
          { projection, key, index, stream, reason },
          { upsert: true },
        ),
      );
    });
  }

  unpark(projection: string, key: string): Promise<void> {
    return this.access.run(async () => {
      await this.parkedKeys.deleteOne({ _id: parkedId(projection, key) });
    });
  }

  parked(projection: string): Promise<readonly ParkedKey[]> {
    return this.access.run(async () => {
      const found = await this.parkedKeys.find({ projection }, { sort: { key: 1 } }).toArray();
      return found.map(({ key, index, stream, reason }) => ({ projection, key, index, stream, reason }));
    });
  }

  /** Of a version that is dropped; its epochs stay, so that who still believes to own it is fenced. */
  async forget(projection: string): Promise<void> {
    await this.checkpoints.updateOne({ _id: projection }, { $unset: { logId: '', index: '', position: '' } });
    await this.parkedKeys.deleteMany({ projection });
  }

  private async highest(projection: string): Promise<Claim | undefined> {
    const [claim] = await this.claims.find({ projection }, { sort: { epoch: -1 }, limit: 1 }).toArray();
    return claim;
  }

  /** From now on, no lower epoch saves a checkpoint. */
  private async fenceBelow(projection: string, epoch: number): Promise<void> {
    const raise = () =>
      this.checkpoints.updateOne({ _id: projection, epoch: { $lt: epoch } }, { $set: { epoch } });
    if ((await raise()).matchedCount === 1) return;
    // There is none yet; or a higher epoch was claimed meanwhile, whose fence stands.
    if (!(await inserted(this.checkpoints.insertOne({ _id: projection, epoch })))) await raise();
  }
}

function claimId(projection: string, epoch: number): string {
  return `${projection}#${epoch}`;
}

function parkedId(projection: string, key: string): string {
  return JSON.stringify([projection, key]);
}

/** @returns false where the key stands there already */
async function inserted(insertion: Promise<unknown>): Promise<boolean> {
  try {
    await insertion;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
