import { customerHistory, type HistoricalEvent } from './customerHistory.ts';

/** Events of one customer's history, roughly. */
const EVENTS_PER_CUSTOMER = 180;

/**
 * `events` events of as many customers as that takes, taking turns as they do in a real log, so that a projection
 * meets another document with each event.
 */
export function* interleaved(events: number): Generator<HistoricalEvent> {
  const customers = Math.max(1, Math.ceil((events * 1.05) / EVENTS_PER_CUSTOMER));
  let histories = Array.from({ length: customers }, (_, n) => customerHistory(n));
  let next = customers;
  let told = 0;
  while (told < events) {
    const going: typeof histories = [];
    for (const history of histories) {
      const { value, done } = history.next();
      if (done === true) continue;
      going.push(history);
      yield value;
      told += 1;
      if (told === events) return;
    }
    histories = going.length > 0 ? going : [customerHistory(next++)];
  }
}
