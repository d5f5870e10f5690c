import type { RecordedEvent } from '@rapport/contracts';

export interface ExpectedView {
  readonly documents: Record<string, unknown>;
  /** Key, or `stream:` and a stream → index of the event from which on it waits. */
  readonly parked: Record<string, number>;
}

export interface ExpectedOf {
  /** Whoever registers begins anew. */
  readonly startsAnew?: boolean;
  /** As long as nothing that POISON breaks is repaired: amounts of purchases, and what each does. */
  readonly poison?: { readonly [amount: number]: 'unknown-keys' | 'unreadable' | 'fails' };
}

/** What the tier view of the tests must hold, written down a second time: shares nothing with runner and projection. */
export function expectedView(
  events: readonly RecordedEvent[],
  { startsAnew = false, poison = {} }: ExpectedOf = {},
): ExpectedView {
  const documents: Record<string, { spend: number; history: string[] }> = {};
  const parked: Record<string, number> = {};
  for (const { index, type, stream, data } of events) {
    if (index === null) continue;
    const { customer, n } = data as unknown as { customer: string; n: number };
    const what = type.split('.').at(-1)!;
    if (!['Registered', 'Purchased', 'Referred', 'Erased', 'Viewed'].includes(what)) continue;
    const bad = what === 'Purchased' ? poison[n] : undefined;
    // What comes after a poison event of its stream waits, and every document that it would have changed waits with it.
    const held = `stream:${stream}` in parked;
    if (bad === 'unknown-keys' || bad === 'unreadable') parked[`stream:${stream}`] ??= index;
    if (bad === 'unknown-keys') continue;
    const say = (key: string, text: string, spend: number): void => {
      if (key in parked) return;
      if (held || bad !== undefined) {
        parked[key] = index;
        return;
      }
      const { spend: before, history } = documents[key] ?? { spend: 0, history: [] };
      documents[key] = { spend: before + spend, history: history.concat(text) };
    };
    const drop = (key: string): void => {
      if (key in parked) return;
      if (held) parked[key] = index;
      else delete documents[key];
    };
    if (what === 'Registered' && startsAnew) drop(customer);
    if (what === 'Registered') say(customer, `registered ${n}`, 0);
    if (what === 'Purchased' && n < 0) parked[customer] ??= index;
    if (what === 'Purchased' && n >= 0) say(customer, `purchased ${n}`, n);
    if (what === 'Viewed' && held) parked[customer] ??= index;
    if (what === 'Erased') drop(customer);
    if (what === 'Referred') {
      say(customer, `referred c${n}`, 0);
      if (`c${n}` !== customer) say(`c${n}`, `was referred by ${customer}`, 0);
    }
  }
  return { documents, parked };
}
