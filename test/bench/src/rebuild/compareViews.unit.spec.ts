import { describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '@rapport/views';
import { compareViews } from './compareViews.ts';

async function view(documents: Record<string, { index: number; n: number }>) {
  const collection = await new MemoryViewStore().open({ name: 'tiers', version: 1, indexes: [] });
  await collection.write(
    Object.entries(documents).map(([key, { index, n }]) => ({ key, index, body: { n } })),
  );
  return collection;
}

describe('comparing the live view with the rebuilt one', () => {
  const live = { a: { index: 1, n: 1 }, b: { index: 2, n: 2 }, d: { index: 3, n: 3 } };

  it('finds no difference between equal views', async () => {
    expect(await compareViews(await view(live), await view(live))).toEqual({ documents: 3, differing: 0 });
  });

  it('counts what differs in content, in index, or is in one of them only', async () => {
    const rebuilt = {
      a: { index: 1, n: 9 },
      b: { index: 7, n: 2 },
      c: { index: 1, n: 1 },
      e: { index: 1, n: 1 },
    };
    expect(await compareViews(await view(live), await view(rebuilt))).toEqual({ documents: 3, differing: 5 });
  });
});
