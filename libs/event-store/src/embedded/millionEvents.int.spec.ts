import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newEvent, newStream, write } from '../conformance/fixtures.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';

const MILLION = 1_000_000;
const PER_APPEND = 500;

describe('a million events', () => {
  let directory: string;

  beforeEach(() => {
    directory = dataFolder();
  });
  afterEach(() => removeFolder(directory));

  it('are numbered densely, read in pages from anywhere, and found again', async () => {
    let store = await EmbeddedEventStore.open({ directory });
    const type = 'crm.tickets.TicketOpened';
    const data = Buffer.from('{"n":0}');
    const prefix = newEvent().id.slice(0, 24);
    for (let n = 0; n < MILLION; n += 8 * PER_APPEND) {
      await Promise.all(
        Array.from({ length: 8 }, async (_, k) => {
          const from = n + k * PER_APPEND;
          const events = Array.from({ length: PER_APPEND }, (__, i) => ({
            id: `${prefix}${(from + i).toString(16).padStart(12, '0')}`,
            type,
            data,
          }));
          await store.append([write(newStream(), -1, ...events)]);
        }),
      );
    }
    expect((await store.head()).index).toBe(MILLION - 1);
    await store.close();

    store = await EmbeddedEventStore.open({ directory });
    const head = await store.head();
    expect(head.index).toBe(MILLION - 1);
    let index = 0;
    let revision = -1;
    let after = -1;
    for (let end = false; !end;) {
      const page = await store.readAll({ after });
      for (const event of page.events) {
        revision = (revision + 1) % PER_APPEND;
        if (event.index !== index || event.revision !== revision) throw new Error(`out of order at ${index}`);
        index += 1;
      }
      ({ end } = page);
      after = page.events.at(-1)!.position;
    }
    expect(index).toBe(MILLION);
    const [middle] = await store.readCounted(MILLION / 2, 1);
    expect(middle!.index).toBe(MILLION / 2);
    const last = await store.readAll({ direction: 'backwards', limit: 2 });
    expect(last.events.map((event) => event.index)).toEqual([MILLION - 1, MILLION - 2]);
    await store.close();
  });
});
