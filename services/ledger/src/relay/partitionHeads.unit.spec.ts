import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '@rapport/event-store';
import { type FactAt, partitionOfEvent } from '@rapport/messaging';
import { PartitionHeads } from './partitionHeads.ts';
import { WrittenLog } from './testing/writtenLog.ts';

/** By folding the log from its beginning, as the definition says. */
async function folded(store: EventStore, upTo: number): Promise<number[]> {
  const heads = Array.from({ length: 33 }, () => -1);
  for (let at = 0; at <= upTo;) {
    for (const event of await store.readCounted(at, upTo - at + 1)) {
      heads[partitionOfEvent(event)] = event.index!;
      at += 1;
    }
  }
  return heads;
}

const NOTHING = async () => new Map<number, FactAt>();

describe('the last event of each partition', () => {
  it.each([-1, 0, 1, 40, 999, 1_000, 2_345, 2_999])('is exact up to index %i', async (upTo) => {
    const log = new WrittenLog();
    await log.growTo(3_000);
    const heads = await PartitionHeads.upTo(upTo, log.store, NOTHING);
    expect(heads.toArray()).toEqual(await folded(log.store, upTo));
  });

  it('believes the stream only where the log says the same', async () => {
    const log = new WrittenLog();
    await log.growTo(3_000);
    const right = await folded(log.store, 2_600);
    const asked: number[] = [];
    const wrong = async (partitions: readonly number[]) => {
      asked.push(...partitions);
      const fact = { index: 3, id: 'of nobody' };
      return new Map(partitions.map((n) => [n, { sequence: 4, subject: '', fact } as unknown as FactAt]));
    };
    expect((await PartitionHeads.upTo(2_600, log.store, wrong)).toArray()).toEqual(right);
    expect(asked.length).toBeGreaterThan(0);
  });
});
