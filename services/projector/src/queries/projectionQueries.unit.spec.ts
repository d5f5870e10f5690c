import { describe, expect, it } from '@jest/globals';
import { MAX_MESSAGE_BYTES } from '@rapport/messaging';
import type { ParkedPage } from '@rapport/views';
import type { Cut } from './pages.ts';
import { ProjectionQueries } from './projectionQueries.ts';
import type { Views } from './views.ts';

function parkedIn(projection: string, count: number) {
  const parked = Array.from({ length: count }, (_, index) => ({
    projection,
    key: `0f5a7f6e-0000-5000-8000-${String(index).padStart(12, '0')}`,
    index,
    stream: 'customer-0f5a7f6e-0000-5000-8000-000000000001',
    reason: 'TypeError',
  }));
  return { projection, state: 'owner', lag: 0, parked, parkedKeys: count, live: true };
}

describe('the state of the projections', () => {
  it('fits into a message however many keys are parked: each shows some, and says how many there are', async () => {
    const kept = [parkedIn('customers@1', 5_000), parkedIn('tiers@1', 3), parkedIn('tickets@1', 5_000)];
    const queries = new ProjectionQueries({ kept: { status: async () => kept } } as unknown as Views);
    const answer = await queries.status();
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(MAX_MESSAGE_BYTES);
    const { projections } = answer.body as { projections: { parked: object[]; parkedKeys: number }[] };
    expect(projections.map(({ parkedKeys }) => parkedKeys)).toEqual([5_000, 3, 5_000]);
    expect(projections[1]!.parked).toEqual(kept[1]!.parked);
    for (const { parked } of [projections[0]!, projections[2]!]) expect(parked.length).toBeGreaterThan(500);
  });

  it('shows all that is parked page by page', async () => {
    const { parked } = parkedIn('customers@1', 7);
    const queries = new ProjectionQueries({
      kept: {
        parked: async (_view: string, { after = '', limit }: ParkedPage) =>
          parked.filter(({ key }) => key > after).slice(0, limit),
      },
      openCursor: (_query: string, cursor?: string) => cursor && { value: null, key: cursor },
      answerPage: (_query: string, { items, after }: Cut<unknown>) => ({
        body: { items },
        ...(after !== undefined && { next: after.key }),
      }),
    } as unknown as Views);
    const shown: unknown[] = [];
    for (let cursor: string | undefined; ;) {
      const parameters = { view: 'customers', limit: 3, ...(cursor !== undefined && { cursor }) };
      const { body, next } = await queries.parked({ parameters } as never);
      shown.push((body as { items: unknown[] }).items);
      if (next === undefined) break;
      cursor = next;
    }
    expect(shown).toEqual([parked.slice(0, 3), parked.slice(3, 6), parked.slice(6)]);
  });
});
