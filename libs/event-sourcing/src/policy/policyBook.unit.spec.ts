import { describe, expect, it } from '@jest/globals';
import { event, ledgerEvents, RECORDING, type CurrentEvent, type ReadEvent } from '@rapport/contracts';
import { toMillis } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';
import { allReadable } from '../ledger/unreadableStream.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { PolicyBook, policyStream } from './policyBook.ts';

function changed(version: number, effectiveFrom: string, interactionHours: number): CurrentEvent {
  const value = { interactionHours, majorEventHours: 24 };
  return asRecorded(
    event(ledgerEvents.PolicyChanged, { policy: 'recording', version, effectiveFrom, value }),
    version - 2,
  );
}

function book(...stored: readonly CurrentEvent[]): PolicyBook {
  const readStream = async (stream: string) => (stream === policyStream('recording') ? stored : []);
  return new PolicyBook({ readStream } as unknown as Ledger, () => undefined);
}

const at = (policies: PolicyBook, instant: string) => {
  const { version, value } = policies.at('recording', toMillis(instant));
  return [version, value.interactionHours];
};

describe('the policy book', () => {
  it('begins with the default, in force since ever', () => {
    expect(book().at('recording', 0)).toMatchObject({ version: 1, value: RECORDING.defaultValue });
  });

  it('answers with what was in force at the instant: from the first millisecond on', async () => {
    const policies = book(changed(2, '2026-04-01T00:00:00.000Z', 12));
    await policies.load();
    expect(at(policies, '2026-03-31T23:59:59.999Z')).toEqual([1, 24]);
    expect(at(policies, '2026-04-01T00:00:00.000Z')).toEqual([2, 12]);
  });

  it('takes in what is followed, once, in any order', async () => {
    const policies = book();
    const [second, third] = [
      changed(2, '2026-04-01T00:00:00.000Z', 12),
      changed(3, '2026-05-01T00:00:00.000Z', 6),
    ];
    policies.observe([third]);
    policies.observe([second, third]);
    expect(policies.all('recording').map(({ version }) => version)).toHaveLength(3);
    expect(at(policies, '2026-04-30T00:00:00.000Z')).toEqual([2, 12]);
    expect(at(policies, '2026-05-01T00:00:00.000Z')).toEqual([3, 6]);
  });

  const later: ReadEvent = {
    unreadable: 'unknown-version',
    id: 'e',
    position: 9,
    index: 9,
    stream: policyStream('recording'),
    revision: 1,
    type: ledgerEvents.PolicyChanged.type,
    version: 99,
  };

  it('decides nothing by a policy of which a version cannot be read, and everything by others', async () => {
    const policies = book(changed(2, '2026-04-01T00:00:00.000Z', 12));
    await policies.load();
    policies.observe([later, changed(4, '2026-05-01T00:00:00.000Z', 6)]);
    for (const ask of [() => policies.all('recording'), () => policies.at('recording', 0)]) {
      expect(ask).toThrow(expect.objectContaining({ kind: 'parked' }));
    }
    expect(policies.all('tiering')).toHaveLength(1);
  });

  it('finds it, and tells it once, where it is recorded already', async () => {
    const found: number[] = [];
    const readStream = async (stream: string) => allReadable(stream === later.stream ? [later] : []);
    const policies = new PolicyBook({ readStream } as unknown as Ledger, ({ index }) => found.push(index!));
    await policies.load();
    await policies.load();
    expect(found).toEqual([9]);
    expect(() => policies.all('recording')).toThrow('policy-recording waits at revision 1');
    expect(policies.all('risk-matrix')).toHaveLength(1);
  });

  it('lets the version recorded last win where two begin at one instant', () => {
    const policies = book();
    policies.observe([changed(3, '2026-04-01T00:00:00.000Z', 6), changed(2, '2026-04-01T00:00:00.000Z', 12)]);
    expect(at(policies, '2026-04-01T00:00:00.000Z')).toEqual([3, 6]);
  });
});
