import { describe, expect, it } from '@jest/globals';
import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import { toInstant, type Wanted } from '@rapport/platform';
import { testCaches } from '@rapport/platform/testing';
import type { Decider } from '../decider/decider.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { DeadlineTargets } from '../deadlines/deadlineTargets.ts';
import { CommandHandler, type CommandHandling, type CommandOutcome } from './commandHandler.ts';
import { streamBacklog } from './commandQueue.ts';
import { PlainEventGate } from './plainEventGate.ts';

const STREAM = 'reaction-own';
const data: DataOf<typeof ledgerEvents.ReactionAdvanced> = {
  reaction: 'test',
  version: 1,
  throughPosition: 0,
  throughIndex: 0,
};
const decider: Decider<number, object> = {
  initial: 0,
  decide: () => [event(ledgerEvents.ReactionAdvanced, data)],
  evolve: (count) => count + 1,
};

describe('a command whose sender waits no more', () => {
  /** @param during what happens while it is sealed, or while the ledger has it */
  function handler(during: { sealed?: () => void; recorded?: () => void }) {
    let records = 0;
    const ledger: Partial<Ledger> = {
      readStream: async () => [],
      async record() {
        records += 1;
        during.recorded?.();
        const made = asRecorded(event(ledgerEvents.ReactionAdvanced, data), 0);
        const stored = { ...made, stream: STREAM, commandId: meta.commandId };
        return { outcome: 'recorded', repeated: false, events: [stored] };
      },
    };
    const seal = (_definition: unknown, plain: unknown): never => {
      during.sealed?.();
      return plain as never;
    };
    const handling: CommandHandling = {
      tenant: 'main',
      via: 'test',
      ledger: ledger as Ledger,
      sealer: { seal },
      gate: new PlainEventGate(),
      clock: { now: () => 0 },
      backlog: streamBacklog(),
      requestHmac: () => 'hmac',
      assertDeadlines: async () => 'assertion',
      targets: new DeadlineTargets(),
      load: { commandsUnderWay: 0 },
      caches: testCaches(),
    };
    const commands = new CommandHandler(handling, decider);
    const send = (wanted: Wanted): Promise<CommandOutcome<number>> =>
      commands.handle(STREAM, {}, { ...meta, wanted }, { request: { name: 'Test', payload: {} } });
    return { send, records: () => records, backlog: handling.backlog };
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

  it('is not handed to the ledger, and tells so', async () => {
    let wanted = true;
    const { send, records, backlog } = handler({ sealed: () => void (wanted = false) });
    await expect(send(() => wanted)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfter: 1, detail: expect.stringContaining('not begun') },
    });
    expect(records()).toBe(0);
    expect(backlog.abandoned).toBe(1);
  });

  it('is finished once the ledger has it', async () => {
    let wanted = true;
    const { send, records } = handler({ recorded: () => void (wanted = false) });
    expect((await send(() => wanted)).events).toHaveLength(1);
    expect(records()).toBe(1);
  });
});
