import { expect } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import { ExpectedViews, viewDifferences, type Client } from '@rapport/test-checks';

/** The views equal an independent fold of the whole log. @param after position that they must have reached */
export async function expectViews(manager: Client, auditor: Client, after: string): Promise<void> {
  for (const view of [
    'customers',
    'tickets',
    'risks',
    'improvements',
    'tiers/summary',
    'satisfaction/summary',
  ]) {
    await until(view, async () =>
      (await manager.get(`/api/${view}?after=${after}`)).stale ? undefined : true,
    );
  }
  const expected = new ExpectedViews(await auditor.log());
  expect(await viewDifferences(manager, expected)).toEqual([]);
  // whoever bought has the tier that the purchase gives; the reaction has lost nothing either.
  for (const { name, purchases, tier } of Object.values(expected.customers)) {
    expect({ name, tier }).toEqual({ name, tier: purchases === 0 ? 'prospect' : tierOf(String(name)) });
  }
  expect(expected.tiers['A']).toBeGreaterThan(0);
}

/** By what `serve` lets a customer buy: its name ends in its number. */
function tierOf(name: string): string {
  return ['A', 'B', 'C'][Number(name.split('-').at(-1)) % 3]!;
}
