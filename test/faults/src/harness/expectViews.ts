import { expect } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import type { Client } from './client.ts';
import { ExpectedViews } from './expectedViews.ts';

interface Ticket {
  readonly id: string;
  readonly state: string;
  readonly responses: number;
  readonly level: string;
  readonly tier: string;
}

/** The views equal an independent fold of the whole log. @param after position that they must have reached */
export async function expectViews(manager: Client, auditor: Client, after: string): Promise<void> {
  await until('views at the head', async () =>
    (await manager.get(`/api/customers?limit=1&after=${after}`)).stale ? undefined : true,
  );
  for (const view of ['tiers/summary', 'satisfaction/summary', 'tickets']) {
    await until(view, async () =>
      (await manager.get(`/api/${view}?after=${after}`)).stale ? undefined : true,
    );
  }
  const expected = new ExpectedViews(await auditor.log());
  const tickets = await manager.all<Ticket>('/api/tickets');
  expect(
    byId(tickets.map(({ id, state, responses, level, tier }) => [id, { state, responses, level, tier }])),
  ).toEqual(expected.tickets);
  const customers = await manager.all('/api/customers');
  expect(
    byId(
      customers.map(({ id, name, contacts, tier }) => [
        String(id),
        { name, contacts: (contacts as unknown[]).length, tier },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      Object.entries(expected.customers).map(([id, { name, contacts, tier }]) => [
        id,
        { name, contacts, tier },
      ]),
    ),
  );
  // whoever bought has the tier that the purchase gives; the reaction has lost nothing either.
  for (const { name, purchases, tier } of Object.values(expected.customers)) {
    expect({ name, tier }).toEqual({ name, tier: purchases === 0 ? 'prospect' : tierOf(String(name)) });
  }
  const tiers = (await manager.get('/api/tiers/summary')).body;
  expect(tiers).toMatchObject(expected.tiers);
  expect(expected.tiers['A']).toBeGreaterThan(0);
  const { dimensions } = (
    await manager.get<{ dimensions: Record<string, { n: number }> }>('/api/satisfaction/summary')
  ).body;
  expect(Object.fromEntries(Object.entries(dimensions).filter(([, { n }]) => n > 0))).toEqual(expected.means);
}

function byId<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  expect(new Set(entries.map(([id]) => id)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

/** By what `serve` lets a customer buy: its name ends in its number. */
function tierOf(name: string): string {
  return ['A', 'B', 'C'][Number(name.split('-').at(-1)) % 3]!;
}
