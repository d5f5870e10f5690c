import type { RecordedEvent } from '@rapport/contracts';

export interface ExpectedView {
  readonly documents: Record<string, unknown>;
  /** Key → index of the event that cannot be folded. */
  readonly parked: Record<string, number>;
}

/** What the tier view of the tests must hold, written down a second time: shares nothing with runner and projection. */
export function expectedView(events: readonly RecordedEvent[], registeringStartsAnew = false): ExpectedView {
  const documents: Record<string, { spend: number; history: string[] }> = {};
  const parked: Record<string, number> = {};
  for (const { index, type, data } of events) {
    if (index === null) continue;
    const { customer, n } = data as unknown as { customer: string; n: number };
    const what = type.split('.').at(-1);
    const say = (key: string, text: string, spend: number): void => {
      if (key in parked) return;
      const { spend: before, history } = documents[key] ?? { spend: 0, history: [] };
      documents[key] = { spend: before + spend, history: history.concat(text) };
    };
    if (what === 'Registered' && registeringStartsAnew && !(customer in parked)) delete documents[customer];
    if (what === 'Registered') say(customer, `registered ${n}`, 0);
    if (what === 'Purchased' && n < 0) parked[customer] ??= index;
    if (what === 'Purchased' && n >= 0) say(customer, `purchased ${n}`, n);
    if (what === 'Erased' && !(customer in parked)) delete documents[customer];
    if (what === 'Referred') {
      say(customer, `referred c${n}`, 0);
      if (`c${n}` !== customer) say(`c${n}`, `was referred by ${customer}`, 0);
    }
  }
  return { documents, parked };
}
