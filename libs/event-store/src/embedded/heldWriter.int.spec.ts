import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { join } from 'node:path';
import { newEvent, newStream, write } from '../conformance/fixtures.ts';
import type { StreamWrite } from '../eventStore.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';

/** More than one group and what may wait behind it. */
const FLOOD = 8_000;

describe('a writer that is held up', () => {
  let folder: string;
  let store: EmbeddedEventStore;
  beforeEach(async () => {
    folder = dataFolder();
    store = await EmbeddedEventStore.open({ directory: folder });
  });
  afterEach(async () => {
    await store.close();
    removeFolder(folder);
  });

  /** Another tool's lock on the file, which the writer waits for. */
  function heldLock(): { release(): void } {
    const other = new Database(join(folder, 'events.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    return {
      release: () => {
        other.exec('ROLLBACK');
        other.close();
      },
    };
  }

  it('makes no more appends wait than may; what is refused is not stored, what was let in is, once', async () => {
    const lock = heldLock();
    const appends = Array.from({ length: FLOOD }, () => [write(newStream(), -1, newEvent())]);
    const answers = appends.map((writes) => store.append(writes).catch((error: unknown) => error as object));
    const [place] = store.waitingPlaces;
    expect(place!.waiting).toBe(place!.limit);
    lock.release();
    const settled = await Promise.all(answers);
    const refused = settled.filter((answer) => 'failure' in answer);
    expect(refused.length).toBe(place!.refused);
    expect(refused.length).toBeGreaterThan(0);
    for (const refusal of refused) expect(refusal).toMatchObject({ failure: 'overloaded' });
    expect((await store.head()).position + 1).toBe(FLOOD - refused.length);
    const again = appends.filter((_, n) => 'failure' in settled[n]!);
    for (const writes of slices(again, 1_000)) {
      for (const answer of await Promise.all(writes.map((one) => store.append(one)))) {
        expect(answer.status).toBe('appended');
      }
    }
    expect((await store.head()).position + 1).toBe(FLOOD);
    expect(place!.waiting).toBe(0);
  });
});

function slices(
  appends: readonly (readonly StreamWrite[])[],
  size: number,
): readonly (readonly (readonly StreamWrite[])[])[] {
  return Array.from({ length: Math.ceil(appends.length / size) }, (_, n) =>
    appends.slice(n * size, (n + 1) * size),
  );
}
