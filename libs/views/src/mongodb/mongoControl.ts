import type { Collection } from 'mongodb';
import type { SavedCounts } from '../counts/viewCounts.ts';
import { chunks } from '../chunks.ts';
import { assertLimit } from '../query/assertQuery.ts';
import type { Checkpoint, Epoch, ParkedKey, ParkedPage, ProjectionControl } from '../viewStore.ts';
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
  /** JSON: FerretDB takes no arrays within arrays. */
  readonly counts?: string | null;
}

/** FerretDB keeps a connection of 100 for each replacement in a bulk until the whole bulk is answered. */
const PARKED_TOGETHER = 50;
const UNPARKED_TOGETHER = 1_000;

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
      const { logId, index, position, counts } = saved;
      return {
        logId,
        index: index!,
        position: position!,
        ...(typeof counts === 'string' && { counts: JSON.parse(counts) as SavedCounts }),
      };
    });
  }

  saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint): Promise<boolean> {
    const { logId, index, position } = checkpoint;
    const counts = checkpoint.counts === undefined ? null : JSON.stringify(checkpoint.counts);
    return this.access.run(async () => {
      const { matchedCount } = await this.checkpoints.updateOne(
        { _id: projection, epoch, $or: [{ logId: { $ne: logId } }, { position: { $lte: position } }] },
        { $set: { logId, index, position, counts } },
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

  async park(entries: readonly ParkedKey[]): Promise<void> {
    for (const together of chunks(entries, PARKED_TOGETHER)) {
      const operations = together.map(({ projection, key, index, stream, reason }) => ({
        replaceOne: {
          filter: { _id: parkedId(projection, key) },
          replacement: { projection, key, index, stream, reason },
          upsert: true,
        },
      }));
      await this.access.run(() => upserted(() => this.parkedKeys.bulkWrite(operations, { ordered: false })));
    }
  }

  async unpark(projection: string, keys: readonly string[]): Promise<void> {
    for (const together of chunks(keys, UNPARKED_TOGETHER)) {
      const _id = { $in: together.map((key) => parkedId(projection, key)) };
      await this.access.run(() => this.parkedKeys.deleteMany({ _id }));
    }
  }

  parked(projection: string, { after, limit }: ParkedPage): Promise<readonly ParkedKey[]> {
    return this.access.run(async () => {
      assertLimit(limit);
      const beyond = after === undefined ? {} : { key: { $gt: after } };
      const found = this.parkedKeys.find({ projection, ...beyond }, { sort: { key: 1 }, limit });
      return (await found.toArray()).map(parkedKey);
    });
  }

  parkedAmong(projection: string, keys: readonly string[]): Promise<readonly ParkedKey[]> {
    return this.access.run(async () => {
      const _id = { $in: keys.map((key) => parkedId(projection, key)) };
      return (await this.parkedKeys.find({ _id }).toArray()).map(parkedKey);
    });
  }

  countParked(projection: string): Promise<number> {
    return this.access.run(() => this.parkedKeys.countDocuments({ projection }), 'collection');
  }

  /** Of a version that is dropped; its epochs stay, so that who still believes to own it is fenced. */
  async forget(projection: string): Promise<void> {
    await this.checkpoints.updateOne(
      { _id: projection },
      { $unset: { logId: '', index: '', position: '', counts: '' } },
    );
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

function parkedKey({ projection, key, index, stream, reason }: StoredParkedKey): ParkedKey {
  return { projection, key, index, stream, reason };
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
