import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isCounted } from '@rapport/contracts';
import { readOn } from '../conformance/fixtures.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';
import { appendingProgram, StoreProcess } from './testing/storeProcess.ts';

const ROUNDS = 3;
type Place = { id: string; stream: string; revision: number; position: number; index: number | null };

describe('a process killed with kill -9 under load', () => {
  let directory: string;

  beforeEach(() => {
    directory = dataFolder();
  });
  afterEach(() => removeFolder(directory));

  it('keeps every answered event exactly once, where it was said to be, round after round', async () => {
    const answered: Place[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const process = new StoreProcess(
        appendingProgram(directory, 24, 0),
        join(directory, `answers-${round}`),
      );
      await process.answered(400 + 150 * round);
      await process.kill();
      answered.push(
        ...process
          .answers()
          .slice(1)
          .flatMap((line) => JSON.parse(line) as Place[]),
      );

      const store = await EmbeddedEventStore.open({ directory });
      const log = await readOn(store, -1);
      await store.close();
      const places = new Map(
        log.map(({ id, stream, revision, position, index }) => [
          id,
          { id, stream, revision, position, index },
        ]),
      );
      expect(places.size).toBe(log.length);
      for (const place of answered) expect(places.get(place.id)).toEqual(place);
      expectWhole(log);
    }
    expect(answered.length).toBeGreaterThan(ROUNDS * 400);
  });
});

/** Indexes and revisions are dense; the two streams of one append are both there or neither. */
function expectWhole(log: readonly Place[]): void {
  const counted = log.filter(({ stream }) => isCounted(stream));
  expect(counted.map(({ index }) => index)).toEqual(counted.map((_, n) => n));
  expect(log.every(({ stream, index }) => isCounted(stream) || index === null)).toBe(true);
  const heads = new Map<string, number>();
  log.forEach(({ stream, revision }, n) => {
    expect(revision).toBe((heads.get(stream) ?? -1) + 1);
    heads.set(stream, revision);
    // The program's third append: revision 3 of a ticket stands before revision 0 of its companion.
    if (stream.startsWith('ticket') && revision === 3) expect(log[n + 1]).toMatchObject({ revision: 0 });
  });
}
