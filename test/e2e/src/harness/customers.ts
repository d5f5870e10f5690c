import { event, profileEvents, streamName, type Tier } from '@rapport/contracts';
import { idOf, type World } from './world.ts';

/** A registered customer with these contacts, as profiles would have recorded it. Ids are those of the names. */
export async function givenCustomer(
  world: World,
  name: string,
  ...contacts: readonly string[]
): Promise<string> {
  const customerId = idOf(name);
  await world.given(
    streamName('customer', customerId),
    event(profileEvents.CustomerRegistered, { customerId, kind: 'company', name, source: 'referral' }),
    ...contacts.map((contact) => contactAdded(customerId, contact)),
  );
  return customerId;
}

export function contactAdded(customerId: string, name: string) {
  return event(profileEvents.ContactAdded, {
    customerId,
    contactId: idOf(name),
    fullName: name,
    isDecisionMaker: false,
  });
}

/** The customer's tier changed; returns the index of the event that says so. */
export async function givenTier(world: World, customerId: string, from: Tier, to: Tier): Promise<number> {
  const [changed] = await world.given(
    streamName('standing', customerId),
    event(profileEvents.CustomerTierChanged, {
      customerId,
      from,
      to,
      effectiveAt: '2026-03-01T00:00:00.000Z',
      rule: 'R-020 spend band',
      mode: 'spend-led',
      spendBand: 'A',
      tenureBand: 'A',
      fullYears: 3,
      strategic: false,
      candidate: to,
      inputs: { spend365dCny: '600000.00', purchases: 3, asOf: '2026-03-01' },
      knownIndex: -1,
    }),
  );
  return changed!.index!;
}
