import { describe, expect, it } from '@jest/globals';
import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import type { SealingContext } from '@rapport/privacy';
import { DeadlineTargets } from '../deadlines/deadlineTargets.ts';
import { testCaches } from '@rapport/platform/testing';
import type { Decider } from '../decider/decider.ts';
import type { Ledger, RecordRequest } from '../ledger/ledger.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { streamBacklog } from './commandQueue.ts';
import { CommandHandler } from './commandHandler.ts';
import { PlainEventGate } from './plainEventGate.ts';

const data: DataOf<typeof ledgerEvents.ReactionAdvanced> = {
  reaction: 'test',
  version: 1,
  throughPosition: 0,
  throughIndex: 0,
};
const advanced = event(ledgerEvents.ReactionAdvanced, data);

/** Two events on its own stream and one on a companion, which stands at revision 6. */
const decider: Decider<number, object> = {
  initial: 0,
  decide: () => ({
    events: [advanced, advanced],
    companions: [{ stream: 'reaction-other', expectedRevision: 6, events: [advanced] }],
  }),
  evolve: (count) => count + 1,
};

describe('what is sealed, contract «sealed fields»', () => {
  it('is bound to the revision at which it is proposed, and anew after a conflict', async () => {
    const sealed: [string, number][] = [];
    const requests: RecordRequest[] = [];
    // Others append 0 to 2 to its stream between the first attempt and the second.
    const others = [0, 1, 2].map((revision) => ({
      ...asRecorded(advanced, revision),
      stream: 'reaction-own',
    }));
    const ledger: Partial<Ledger> = {
      readStream: async () => (requests.length === 0 ? [] : others),
      async record(request) {
        requests.push(request);
        if (requests.length === 1) {
          return { outcome: 'conflict', streams: [{ stream: 'reaction-own', actualRevision: 2 }] };
        }
        const stored = [3, 4].map((revision) => ({
          ...asRecorded(advanced, revision),
          stream: 'reaction-own',
        }));
        return { outcome: 'recorded', repeated: false, events: stored };
      },
    };
    const commands = new CommandHandler(
      {
        tenant: 'main',
        via: 'test',
        ledger: ledger as Ledger,
        sealer: {
          seal: (_definition, plain, { stream, revision }: SealingContext) => {
            sealed.push([stream, revision]);
            return plain as never;
          },
        },
        gate: new PlainEventGate(),
        clock: { now: () => 0 },
        backlog: streamBacklog(),
        requestHmac: () => 'hmac',
        assertDeadlines: async () => 'assertion',
        targets: new DeadlineTargets(),
        load: { commandsUnderWay: 0 },
        caches: testCaches(),
      },
      decider,
    );
    await commands.handle(
      'reaction-own',
      {},
      {
        commandId: '00000000-0000-5000-8000-00000000000f',
        actor: { id: 'actor-1', roles: [] },
        actorAssertion: '',
        correlationId: 'c',
        causationId: 'c',
        origin: 'live',
        occurredAt: toInstant(0),
      },
      { request: { name: 'Test', payload: {} }, creates: 'stream' },
    );
    const firstAttempt = [
      ['reaction-other', 7],
      ['reaction-own', 0],
      ['reaction-own', 1],
    ];
    const secondAttempt = [
      ['reaction-other', 7],
      ['reaction-own', 3],
      ['reaction-own', 4],
    ];
    expect(sealed).toEqual([...firstAttempt, ...secondAttempt]);
    const places = requests[1]!.writes.map(({ stream, expectedRevision }) => [stream, expectedRevision]);
    expect(places).toEqual([
      ['reaction-other', 6],
      ['reaction-own', 2],
    ]);
  });
});
