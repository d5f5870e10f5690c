import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName, ticketEvents, type CommandAnswer } from '@rapport/contracts';
import { MemoryEventStore } from '@rapport/event-store';
import { systemMonotonicClock, systemRandom } from '@rapport/platform';
import { CachedKeyStore, destroyErased, SealedFieldCodec } from '@rapport/privacy';
import { InteractionsModule } from '@rapport/service-interactions';
import { RiskModule } from '@rapport/service-risk';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { TicketsModule } from '@rapport/service-tickets';
import { testCaches } from '@rapport/platform/testing';
import { givenCustomer } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';
import { wrappedStore } from './harness/wrappedStore.ts';

const R074 = { kind: 'rule-violated', details: { rule: 'R-074' } };
const R100 = { kind: 'rule-violated', details: { rule: 'R-100' } };

type Naming = (customerId: string, contactId?: string) => readonly [Parameters<World['send']>[0], object];

/** Every first command of the contexts that names a customer or a contact. */
const COMMANDS: readonly Naming[] = [
  (customerId, contactId) => [
    'recordInteraction',
    {
      customerId,
      channel: 'call',
      purpose: 'needs',
      startedAt: '2026-03-10T09:00:00+08:00',
      endedAt: '2026-03-10T09:10:00+08:00',
      content: '介绍新版本',
      ...(contactId !== undefined && { participants: [contactId] }),
    },
  ],
  (customerId, contactId) => [
    'openTicket',
    { customerId, kind: 'support', channel: 'phone', subject: '数据同步异常', contactId },
  ],
  (customerId, contactId) => [
    'recordService',
    {
      customerId,
      contactId,
      servedOn: '2026-03-09',
      kind: 'support',
      problem: '培训',
      result: '完成',
      servedBy: 'agent-7',
      servedByName: '李工',
    },
  ],
  (customerId, contactId) => [
    'answerSurvey',
    { customerId, contactId, answeredOn: '2026-03-09', scores: { productQuality: 4 } },
  ],
];
const ON_CUSTOMERS_ONLY: readonly Naming[] = [
  (customerId) => [
    'receiveFeedback',
    { customerId, receivedOn: '2026-03-09', problem: '慢', serviceLink: '响应', measure: '加人' },
  ],
  (customerId) => [
    'identifyRisk',
    { customerId, kind: 'late-payment', source: '财务月报', evidence: '逾期' },
  ],
];

const RISK: Naming = ON_CUSTOMERS_ONLY[1]!;
const SERVICES = [InteractionsModule, TicketsModule, SatisfactionModule, RiskModule];

/** What adds text to a ticket of support that was resolved, one after the other. */
const ON_TICKETS: readonly ((ticketId: string) => readonly [Parameters<World['send']>[0], object])[] = [
  (ticketId) => ['respondToTicket', { ticketId, text: '您好' }],
  (ticketId) => [
    'recordReturnVisit',
    { ticketId, visitedAt: '2026-03-10T10:00:00+08:00', opinion: '满意', satisfaction: 5 },
  ],
  (ticketId) => ['reopenTicket', { ticketId, reason: '又出现' }],
  (ticketId) => ['resolveTicket', { ticketId, solution: '已修复' }],
];

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give!: () => void;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

async function givenIndividual(world: World, name: string): Promise<string> {
  const customerId = idOf(name);
  await world.given(
    streamName('customer', customerId),
    event(profileEvents.CustomerRegistered, { customerId, kind: 'individual', name, source: 'referral' }),
  );
  return customerId;
}

/** As profiles record it. Keys are destroyed where the log is followed. */
async function erase(world: World, personId: string, customerId: string): Promise<void> {
  const isCustomer = personId === customerId;
  await world.given(
    streamName('person', personId),
    event(profileEvents.PersonErased, { personId, customerId, isCustomer }),
  );
}

/** What the process does that keeps the keys. */
async function destroyKeys(world: World): Promise<void> {
  await destroyErased(await world.log(), world.keys);
}

describe('R-100 after an erasure', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.open();
    for (const service of SERVICES) await world.start(service);
  });

  afterEach(() => world.close());

  it('no context records more about a contact, and all go on about the others', async () => {
    const customerId = await givenCustomer(world, '科技有限公司', '张经理', '王总');
    for (const naming of COMMANDS) await world.send(...naming(customerId, idOf('张经理')));
    await erase(world, idOf('张经理'), customerId);
    for (const naming of COMMANDS) {
      await expect(world.send(...naming(customerId, idOf('张经理')))).rejects.toMatchObject(R100);
      await world.send(...naming(customerId, idOf('王总')));
    }
    for (const naming of ON_CUSTOMERS_ONLY) await world.send(...naming(customerId));
  });

  it('no context records more about an individual', async () => {
    const customerId = await givenIndividual(world, '李女士');
    for (const naming of [...COMMANDS, ...ON_CUSTOMERS_ONLY]) await world.send(...naming(customerId));
    await erase(world, customerId, customerId);
    for (const naming of [...COMMANDS, ...ON_CUSTOMERS_ONLY]) {
      await expect(world.send(...naming(customerId))).rejects.toMatchObject(R100);
    }
  });

  it('tickets and risks that were there take no more text; a ticket is still acknowledged and closed', async () => {
    const customerId = await givenIndividual(world, '李女士');
    const [open, resolved] = [await openTicket(customerId), await openTicket(customerId)];
    await world.send('resolveTicket', { ticketId: resolved.id, solution: '已修复' });
    const risk = await world.send(...RISK(customerId));
    await erase(world, customerId, customerId);
    const before = (await world.log()).length;
    for (const saying of ON_TICKETS.slice(0, 3)) {
      await expect(world.send(...saying(resolved.id))).rejects.toMatchObject(R100);
    }
    await expect(world.send(...ON_TICKETS[3]!(open.id))).rejects.toMatchObject(R100);
    const assessment = { riskId: risk.id, likelihood: 3, impact: 3, note: '现金流紧张' };
    await expect(world.send('assessRisk', assessment)).rejects.toMatchObject(R100);
    expect(await world.log()).toHaveLength(before);
    await world.send('acknowledgeTicket', { ticketId: open.id, level: 'L2', category: 'usage' });
    await world.send('closeTicket', { ticketId: resolved.id });
  });

  it('R-074 an unresolved ticket can be closed once the person whom it is about is erased, and says why', async () => {
    const individual = await givenIndividual(world, '李女士');
    const company = await givenCustomer(world, '科技有限公司', '张经理');
    const tickets = [await openTicket(individual), await openTicket(company, idOf('张经理'))];
    const other = await openTicket(company);
    for (const { id } of [...tickets, other]) {
      await expect(world.send('closeTicket', { ticketId: id })).rejects.toMatchObject(R074);
    }
    await erase(world, individual, individual);
    await erase(world, idOf('张经理'), company);
    for (const { id } of tickets) await world.send('closeTicket', { ticketId: id });
    await expect(world.send('closeTicket', { ticketId: other.id })).rejects.toMatchObject(R074);
    await expect(world.send('closeTicket', { ticketId: idOf('nothing') })).rejects.toMatchObject({
      kind: 'not-found',
    });
    const log = await world.log();
    const erasures = log.filter(({ type }) => type === profileEvents.PersonErased.type);
    const closures = log.filter(({ type }) => type === ticketEvents.TicketClosed.type);
    expect(closures.map(({ data }) => data)).toEqual(
      erasures.map(({ index }, n) =>
        expect.objectContaining({ ticketId: tickets[n]!.id, erasureIndex: index }),
      ),
    );
  });

  it('a ticket of a company takes no more text once the contact whom it is about is erased', async () => {
    const customerId = await givenCustomer(world, '科技有限公司', '张经理');
    const [about, other] = [await openTicket(customerId, idOf('张经理')), await openTicket(customerId)];
    await erase(world, idOf('张经理'), customerId);
    await expect(world.send(...ON_TICKETS[0]!(about.id))).rejects.toMatchObject(R100);
    await world.send(...ON_TICKETS[0]!(other.id));
  });

  it('what was recorded before is answered again, also by a replica that has just begun', async () => {
    const company = await givenCustomer(world, '科技有限公司', '张经理');
    const individual = await givenIndividual(world, '李女士');
    const sent: (readonly [Parameters<World['send']>[0], object])[] = [
      ...COMMANDS.map((naming) => naming(company, idOf('张经理'))),
      ...[...COMMANDS, ...ON_CUSTOMERS_ONLY].map((naming) => naming(individual)),
    ];
    const ticket = await openTicket(individual);
    await world.send('resolveTicket', { ticketId: ticket.id, solution: '已修复' });
    sent.push(...ON_TICKETS.map((saying) => saying(ticket.id)));
    const sendAll = async (): Promise<CommandAnswer[]> => {
      const answers: CommandAnswer[] = [];
      for (const [n, [command, payload]] of sent.entries()) {
        world.clock.moveTo(world.clock.now() + 1);
        answers.push(await world.send(command, payload, { commandId: idOf(`sent ${n}`) }));
      }
      return answers;
    };
    const first = await sendAll();
    await erase(world, idOf('张经理'), company);
    await erase(world, individual, individual);
    await destroyKeys(world);
    const { length } = await world.log();
    const again = first.map((answer) => ({ ...answer, repeated: true }));
    expect(await sendAll()).toEqual(again);
    await world.stop();
    for (const service of SERVICES) await world.start(service);
    expect(await sendAll()).toEqual(again);
    expect(await world.log()).toHaveLength(length);
  });

  it('another request with a key that was used before is refused as such, whoever was erased', async () => {
    const individual = await givenIndividual(world, '李女士');
    const meta = { commandId: idOf('once') };
    await world.send('openTicket', ticketOf(individual), meta);
    await erase(world, individual, individual);
    await destroyKeys(world);
    await world.stop();
    await world.start(TicketsModule);
    const other = { ...ticketOf(individual), message: '打不开' };
    await expect(world.send('openTicket', other, meta)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
    });
  });

  function ticketOf(customerId: string, contactId?: string) {
    return {
      customerId,
      contactId,
      kind: 'support',
      channel: 'phone',
      subject: '数据同步异常',
      message: '我是李女士',
    };
  }

  function openTicket(customerId: string, contactId?: string): Promise<CommandAnswer> {
    return world.send('openTicket', ticketOf(customerId, contactId));
  }
});

describe('R-100 a replica that has not seen the erasure', () => {
  it('has its delayed append refused: the log says what came first', async () => {
    const memory = new MemoryEventStore();
    let held: { readonly arrived: () => void; readonly released: Promise<void> } | undefined;
    const world = await World.open({
      store: wrappedStore(memory, {
        append: (inner) => async (writes) => {
          if (held !== undefined && writes.some(({ stream }) => stream.startsWith('interaction-'))) {
            held.arrived();
            await held.released;
          }
          return inner.append(writes);
        },
      }),
    });
    await world.start(InteractionsModule);
    const company = await givenCustomer(world, '科技有限公司', '张经理');
    const individual = await givenIndividual(world, '李女士');
    for (const [customerId, personId] of [
      [company, idOf('张经理')],
      [individual, individual],
    ] as const) {
      const arrived = signal();
      const released = signal();
      held = { arrived: arrived.give, released: released.given };
      const naming = COMMANDS[0]!(customerId, personId === customerId ? undefined : personId);
      const late = world.send(...naming);
      await arrived.given;
      await erase(world, personId, customerId);
      released.give();
      await expect(late).rejects.toMatchObject(R100);
      held = undefined;
    }
    expect((await world.log()).filter(({ type }) => type.startsWith('crm.interactions.'))).toEqual([]);
    await world.close();
  });

  it('is refused with keys that it still has in memory', async () => {
    const world = await World.open();
    const warm = new CachedKeyStore(world.keys, systemMonotonicClock, testCaches(1024 ** 2));
    const runtime = { ...world.runtime(), sealer: new SealedFieldCodec(warm, systemRandom) };
    for (const service of [TicketsModule, RiskModule]) await world.start(service, runtime);
    const individual = await givenIndividual(world, '李女士');
    const [command, payload] = COMMANDS[1]!(individual);
    const ticket = await world.send(command, { ...payload, message: '我是李女士' });
    const risk = await world.send(...RISK(individual));
    await erase(world, individual, individual);
    await destroyKeys(world);
    const before = (await world.log()).length;
    await expect(world.send(...ON_TICKETS[0]!(ticket.id))).rejects.toMatchObject(R100);
    await expect(
      world.send('assessRisk', { riskId: risk.id, likelihood: 3, impact: 3, note: '李女士' }),
    ).rejects.toMatchObject(R100);
    expect(await world.log()).toHaveLength(before);
    // It was the log that refused: the key was at hand.
    expect((await warm.keyFor({ kind: 'customer', id: individual }, world.tenant)).status).toBe('key');
    await world.close();
  });
});
