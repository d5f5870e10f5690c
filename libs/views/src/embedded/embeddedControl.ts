import type { SavedCounts } from '../counts/viewCounts.ts';
import { assertLimit } from '../query/assertQuery.ts';
import type { Checkpoint, Epoch, ParkedKey, ParkedPage, ProjectionControl } from '../viewStore.ts';
import type { EmbeddedAccess } from './embeddedCollection.ts';
import type { SqlValue } from './sqlPart.ts';

/** Lease, epoch, checkpoint and parked keys as tables beside the documents. Each change is one statement. */
export class EmbeddedControl implements ProjectionControl {
  constructor(private readonly access: EmbeddedAccess) {}

  async loadCheckpoint(projection: string): Promise<Checkpoint | undefined> {
    const [row] = this.read(
      'SELECT log_id, idx, position, counts FROM checkpoints WHERE projection = ?',
      projection,
    );
    if (row === undefined) return undefined;
    const [logId, index, position, counts] = row as [string, number, number, string | null];
    return { logId, index, position, ...(counts !== null && { counts: JSON.parse(counts) as SavedCounts }) };
  }

  async saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint): Promise<boolean> {
    const { logId, index, position, counts } = checkpoint;
    return this.changes(
      `INSERT INTO checkpoints (projection, log_id, idx, position, counts)
       SELECT projection, ?, ?, ?, ? FROM epochs WHERE projection = ? AND epoch = ?
       ON CONFLICT (projection) DO UPDATE SET
         log_id = excluded.log_id, idx = excluded.idx, position = excluded.position, counts = excluded.counts
       WHERE log_id <> excluded.log_id OR position <= excluded.position`,
      logId,
      index,
      position,
      counts === undefined ? null : JSON.stringify(counts),
      projection,
      epoch,
    );
  }

  async claimEpoch(projection: string, owner: string, epoch: number): Promise<Epoch | undefined> {
    const claimed = await this.changes(
      `INSERT INTO epochs (projection, epoch, owner, beat, released)
       SELECT ?1, ?2, ?3, 0, 0 WHERE ?2 = 1 + coalesce((SELECT epoch FROM epochs WHERE projection = ?1), 0)
       ON CONFLICT (projection) DO UPDATE SET epoch = excluded.epoch, owner = excluded.owner, beat = 0, released = 0
       WHERE epoch = excluded.epoch - 1`,
      projection,
      epoch,
      owner,
    );
    return claimed ? { epoch, owner, beat: 0, released: false } : undefined;
  }

  async currentEpoch(projection: string): Promise<Epoch | undefined> {
    const [row] = this.read(
      'SELECT epoch, owner, beat, released FROM epochs WHERE projection = ?',
      projection,
    );
    if (row === undefined) return undefined;
    const [epoch, owner, beat, released] = row as [number, string, number, number];
    return { epoch, owner, beat, released: released === 1 };
  }

  async beat(projection: string, epoch: number): Promise<boolean> {
    return this.changes(
      'UPDATE epochs SET beat = beat + 1 WHERE projection = ? AND epoch = ?',
      projection,
      epoch,
    );
  }

  async release(projection: string, epoch: number): Promise<void> {
    await this.changes(
      'UPDATE epochs SET released = 1 WHERE projection = ? AND epoch = ?',
      projection,
      epoch,
    );
  }

  async park(entries: readonly ParkedKey[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map(({ projection, key, index, stream, reason }) => [
      projection,
      key,
      index,
      stream,
      reason,
    ]);
    await this.changes(
      `INSERT INTO parked (projection, key, idx, stream, reason)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
       ON CONFLICT (projection, key) DO UPDATE SET idx = excluded.idx, stream = excluded.stream, reason = excluded.reason`,
      JSON.stringify(rows),
    );
  }

  async unpark(projection: string, keys: readonly string[]): Promise<void> {
    await this.changes(
      'DELETE FROM parked WHERE projection = ? AND key IN (SELECT value FROM json_each(?))',
      projection,
      JSON.stringify(keys),
    );
  }

  async parked(projection: string, { after = '', limit }: ParkedPage): Promise<readonly ParkedKey[]> {
    assertLimit(limit);
    return this.readParked(projection, 'key > ? ORDER BY key LIMIT ?', after, limit);
  }

  async parkedAmong(projection: string, keys: readonly string[]): Promise<readonly ParkedKey[]> {
    return this.readParked(projection, 'key IN (SELECT value FROM json_each(?))', JSON.stringify(keys));
  }

  async countParked(projection: string): Promise<number> {
    this.access.reader();
    const text = 'SELECT count(*) FROM parked WHERE projection = ?';
    const [row] = await this.access.walker.rows(text, projection);
    return row![0] as number;
  }

  private readParked(projection: string, which: string, ...values: SqlValue[]): readonly ParkedKey[] {
    const text = `SELECT key, idx, stream, reason FROM parked WHERE projection = ? AND ${which}`;
    return this.read(text, projection, ...values).map((row) => {
      const [key, index, stream, reason] = row as [string, number, string, string];
      return { projection, key, index, stream, reason };
    });
  }

  private read(text: string, ...values: SqlValue[]): SqlValue[][] {
    return this.access.reader().rows({ text, values });
  }

  private async changes(text: string, ...values: SqlValue[]): Promise<boolean> {
    this.access.reader();
    const [changed] = await this.access.writer.change({ text, values });
    return changed! > 0;
  }
}
