import { describe, expect, it } from '@jest/globals';
import type { CurrentEvent } from '@rapport/contracts';
import { ErasureFront } from './erasureFront.ts';

const upTo = (position: number) => [{ type: 'crm.tickets.TicketOpened', position }] as CurrentEvent[];

/** A front at position 4 whose alarms ring when told to. */
function front() {
  const alarms = new Set<() => void>();
  const schedule = (_ms: number, fire: () => void) => {
    alarms.add(fire);
    return () => void alarms.delete(fire);
  };
  return { alarms, front: new ErasureFront({ destroy: async () => undefined }, 4, { schedule }) };
}

describe('who reads waits for erasures', () => {
  it('until they are carried out', async () => {
    const { front: erasures, alarms } = front();
    await erasures.passed(4);
    const passed = erasures.passed(6);
    expect(alarms.size).toBe(1);
    await erasures.observe(upTo(6));
    await passed;
    expect(alarms.size).toBe(0);
  });

  it('no longer than a while, and is told to come again; the next one waits anew', async () => {
    const { front: erasures, alarms } = front();
    const late = erasures.passed(5);
    for (const ring of alarms) ring();
    await expect(late).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 1 } });
    const next = erasures.passed(5);
    await erasures.observe(upTo(5));
    await next;
  });
});
