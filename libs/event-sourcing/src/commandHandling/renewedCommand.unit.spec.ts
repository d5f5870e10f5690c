import { describe, expect, it } from '@jest/globals';
import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import { notFound, toInstant } from '@rapport/platform';
import { DeadlineTargets } from '../deadlines/deadlineTargets.ts';
import { testCaches } from '@rapport/platform/testing';
import type { Decider } from '../decider/decider.ts';
import type { Ledger, RecordRequest } from '../ledger/ledger.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { streamBacklog } from './commandQueue.ts';
import { CommandHandler } from './commandHandler.ts';
import { PlainEventGate } from './plainEventGate.ts';

type Command = { readonly otherRevision: number; readonly known: boolean };
const data: DataOf<typeof ledgerEvents.ReactionAdvanced> = {
  reaction: 'test',
  version: 1,
  throughPosition: 0,
  throughIndex: 0,
};

/** Writes together with another stream, at the revision that the command carries. */
const decider: Decider<number, Command> = {
  initial: 0,
  decide({ known, otherRevision }) {
    if (!known) throw notFound('thing');
    return {
      events: [event(ledgerEvents.ReactionAdvanced, data)],
      companions: [{ stream: 'reaction-other', expectedRevision: otherRevision, events: [] }],
    };
  },
  evolve: (count) => count + 1,
};

/** A ledger in which the other stream stands at revision 3. */
function handler(): { handler: CommandHandler<number, Command>; requests: RecordRequest[] } {
  const requests: RecordRequest[] = [];
  const ledger: Partial<Ledger> = {
    readStream: async () => [],
    async record(request) {
      requests.push(request);
      const other = request.writes.find(({ stream }) => stream === 'reaction-other')!;
      if (other.expectedRevision !== 3) {
        return { outcome: 'conflict', streams: [{ stream: 'reaction-other', actualRevision: 3 }] };
      }
      const { commandId } = request;
      const recorded = asRecorded(event(ledgerEvents.ReactionAdvanced, data), 0);
      const stored = { ...recorded, stream: 'reaction-own', commandId };
      return { outcome: 'recorded', repeated: false, events: [stored] };
    },
  };
  const handling = {
    tenant: 'main',
    via: 'test',
    ledger: ledger as Ledger,
    sealer: { seal: (_definition: unknown, plain: unknown) => plain as never },
    gate: new PlainEventGate(),
    clock: { now: () => 0 },
    backlog: streamBacklog(),
    requestHmac: () => 'hmac',
    assertDeadlines: async () => 'assertion',
    targets: new DeadlineTargets(),
    load: { commandsUnderWay: 0 },
    caches: testCaches(),
  };
  return { handler: new CommandHandler(handling, decider), requests };
}

const meta = {
  commandId: '00000000-0000-5000-8000-000000000001',
  actor: { id: 'actor-1', roles: [] },
  actorAssertion: '',
  correlationId: 'c',
  causationId: 'c',
  origin: 'live' as const,
  occurredAt: toInstant(0),
};
const request = { name: 'Test', payload: {} };

describe('a command that carries what other streams said', () => {
  it('is made anew after a conflict on the other stream', async () => {
    const { handler: commands, requests } = handler();
    const renew = async (): Promise<Command> => ({ otherRevision: 3, known: true });
    const outcome = await commands.handle('reaction-own', { otherRevision: 2, known: true }, meta, {
      request,
      renew,
    });
    expect(outcome.events).toHaveLength(1);
    expect(requests.map(({ writes }) => writes[0]!.expectedRevision)).toEqual([2, 3]);
  });

  it('is made anew before it is refused, also when its own stream was just read', async () => {
    const { handler: commands } = handler();
    const renew = async (): Promise<Command> => ({ otherRevision: 3, known: true });
    const outcome = await commands.handle('reaction-own', { otherRevision: 2, known: false }, meta, {
      request,
      renew,
    });
    expect(outcome.events).toHaveLength(1);
  });

  it('is refused when what is stored says so too', async () => {
    const { handler: commands, requests } = handler();
    const renew = async (): Promise<Command> => ({ otherRevision: 3, known: false });
    await expect(
      commands.handle('reaction-own', { otherRevision: 3, known: false }, meta, { request, renew }),
    ).rejects.toMatchObject({ kind: 'not-found' });
    expect(requests).toEqual([]);
  });

  it('gives up after eight conflicts', async () => {
    const { handler: commands, requests } = handler();
    await expect(
      commands.handle('reaction-own', { otherRevision: 2, known: true }, meta, { request }),
    ).rejects.toMatchObject({ kind: 'revision-conflict' });
    expect(requests).toHaveLength(8);
  });
});
