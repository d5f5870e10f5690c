import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  COMMANDS,
  deadlineEvents,
  profileEvents,
  streamName,
  type CommandAnswer,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  DeadlineSweeper,
  type Ledger,
  type RecordRequest,
  type RecordResult,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { commandSubject, InProcessTransport } from '@rapport/messaging';
import { MemoryKeyStore, SealedFieldCodec } from '@rapport/privacy';
import { AdjustableClock, systemClock, systemRandom, toMillis } from '@rapport/platform';
import { ProfilesModule, StandingReaction } from '@rapport/service-profiles';
import { idOf, World } from './harness/world.ts';

/** 15:00 in Shanghai. */
const at = (day: string, time = '15:00:00'): number => toMillis(`${day}T${time}+08:00`);
const midnight = (day: string): string => new Date(at(day, '00:00:00')).toISOString();

describe('the profiles service, alone', () => {
  let world: World;
  let app: INestMicroservice;
  const codec = new SealedFieldCodec(new MemoryKeyStore(systemRandom), systemRandom);

  /** Starts a replica of the service; its dues are those that the log records. */
  const replica = async (
    started = world,
    writeFormats: ServiceRuntime['writeFormats'] = 'current',
  ): Promise<INestMicroservice> => {
    const runtime = { ...started.runtime({ writeFormats }), sealer: codec as never };
    return started.start({ with: () => ProfilesModule.with(runtime, { opener: codec as never }) });
  };

  beforeEach(async () => {
    world = await World.open({ now: '2026-01-05T15:00:00+08:00' });
    app = await replica();
  });

  afterEach(() => world.close());

  const settled = async (): Promise<void> =>
    app.get(StandingReaction).caughtUp((await world.ledger().head()).position);
  const passTo = async (day: string, time?: string): Promise<void> => {
    world.clock.moveTo(at(day, time));
    await app.get(DeadlineSweeper).sweep();
  };
  const registered = async (more: object = {}): Promise<string> =>
    (
      await world.send('registerCustomer', {
        name: '科技有限公司',
        kind: 'company',
        firstCooperationOn: '2020-01-01',
        ...more,
      })
    ).id;
  const send = (customerId: string, amount: string, purchasedOn = '2026-01-05', commandId?: string) =>
    world.send(
      'recordPurchase',
      { customerId, purchasedOn, product: '年度服务', amount: { amount, currency: 'CNY' } },
      commandId === undefined ? {} : { commandId },
    );
  const bought = async (
    customerId: string,
    amount: string,
    purchasedOn = '2026-01-05',
    commandId?: string,
  ) => {
    const answer = await send(customerId, amount, purchasedOn, commandId);
    await settled();
    return answer;
  };
  const standing = async (customerId: string): Promise<readonly RecordedEvent[]> =>
    Promise.all(
      (await world.stream(streamName('standing', customerId))).map(async (event) => codec.open(event)),
    );
  const tiers = async (customerId: string): Promise<readonly string[]> =>
    (await standing(customerId))
      .filter(({ type }) => type === profileEvents.CustomerTierChanged.type)
      .map(({ data }) => {
        const { from, to, effectiveAt } = data as { from: string; to: string; effectiveAt: string };
        return `${from}→${to} ${effectiveAt}`;
      });
  const scheduled = async (customerId: string): Promise<{ due: string; generation: number }> =>
    (await standing(customerId)).findLast(({ type }) => type === deadlineEvents.DeadlineScheduled.type)!
      .data as never;

  it('R-020 a purchase makes a prospect tier A, with the rule, the inputs and the policy that decided', async () => {
    const customerId = await registered();
    expect(await standing(customerId)).toEqual([]);
    await bought(customerId, '500000.00');
    const [tier, segment, figures, review] = await standing(customerId);
    expect(tier).toMatchObject({
      type: 'crm.profiles.CustomerTierChanged',
      via: 'profiles',
      actor: 'system-standing',
      policies: { tiering: 1 },
      data: {
        from: 'prospect',
        to: 'A',
        rule: 'R-020 spend band',
        spendBand: 'A',
        tenureBand: 'A',
        fullYears: 6,
        inputs: { spend365dCny: '500000.00', purchases: 1, asOf: '2026-01-05' },
      },
    });
    expect(segment).toMatchObject({
      type: 'crm.profiles.CustomerSegmentChanged',
      policies: { rfm: 1 },
      data: { from: 'none', scores: { recency: 5, frequency: 1, monetary: 5 } },
    });
    expect(figures).toMatchObject({
      type: 'crm.profiles.CustomerFiguresChanged',
      policies: { tiering: 1, rfm: 1 },
      data: { figures: { spend365dCny: '500000.00', purchases365d: 1, lastPurchaseOn: '2026-01-05' } },
    });
    expect(review).toMatchObject({
      type: 'crm.deadlines.DeadlineScheduled',
      customerId,
      policies: { tiering: 1, rfm: 1 },
      data: { deadline: 'standing-review', generation: 1, clause: 'R-025 segment' },
    });
    // Nothing of it is readable in the log.
    const stored = (await world.log()).filter(({ customerId: of }) => of === customerId);
    expect(JSON.stringify(stored)).not.toContain('500000.00');
  });

  it('R-026 D-07 voiding the only large purchase falls at once', async () => {
    const customerId = await registered();
    await bought(customerId, '50000.00');
    const { id } = await bought(customerId, '600000.00');
    world.clock.moveTo(at('2026-01-12', '09:30:00'));
    await world.send('voidPurchase', { customerId, purchaseId: id, reason: '录入错误' });
    await settled();
    expect(await tiers(customerId)).toEqual([
      'prospect→C 2026-01-05T07:00:00.000Z',
      'C→A 2026-01-05T07:00:00.000Z',
      'A→C 2026-01-12T01:30:00.000Z',
    ]);
    const again = await world.send('voidPurchase', { customerId, purchaseId: id, reason: '录入错误' });
    expect(again.repeated).toBe(false);
    expect(await world.stream(`purchases-${customerId}-2026`)).toHaveLength(3);
  });

  it('R-020 R-026 an approved designation lifts to A, its end falls back at once, its expiry by a deadline', async () => {
    const customerId = await registered();
    await bought(customerId, '1000.00');
    const requester = { actor: { id: 'lead', roles: ['team-lead'] } };
    const manager = { actor: { id: 'boss', roles: ['manager'] } };
    const request = { customerId, ground: 'growth-potential', validUntil: '2026-02-10' };
    const first = await world.send('requestStrategicDesignation', request, requester);
    const target = { customerId, designationId: first.id };
    await expect(world.send('approveStrategicDesignation', target, requester)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    world.clock.moveTo(at('2026-01-06'));
    await world.send('approveStrategicDesignation', target, manager);
    await settled();
    world.clock.moveTo(at('2026-01-07'));
    await world.send('endStrategicDesignation', target, manager);
    await settled();
    const second = await world.send('requestStrategicDesignation', request, requester);
    await world.send('approveStrategicDesignation', { customerId, designationId: second.id }, manager);
    await settled();
    expect(await scheduled(customerId)).toMatchObject({ due: midnight('2026-02-10') });
    await passTo('2026-03-01');
    expect(await tiers(customerId)).toEqual([
      'prospect→C 2026-01-05T07:00:00.000Z',
      'C→A 2026-01-06T07:00:00.000Z',
      'A→C 2026-01-07T07:00:00.000Z',
      'C→A 2026-01-07T07:00:00.000Z',
      `A→C ${midnight('2026-02-10')}`,
    ]);
  });

  it('R-026 a system that was down over several dues records each change with its own instant, in order', async () => {
    const customerId = await registered({ firstCooperationOn: '2024-12-01' });
    await bought(customerId, '600000.00');
    expect(await tiers(customerId)).toEqual(['prospect→B 2026-01-05T07:00:00.000Z']);
    // Down from here on: two full years on 2026-12-01, out of the window on 2027-01-05, a full quarter below
    // from 2027-04-01 on.
    await passTo('2028-02-01');
    expect(await tiers(customerId)).toEqual([
      'prospect→B 2026-01-05T07:00:00.000Z',
      `B→A ${midnight('2026-12-01')}`,
      `A→C ${midnight('2027-07-01')}`,
    ]);
    const events = await standing(customerId);
    const effective = events
      .filter(({ type }) => type.startsWith('crm.profiles.'))
      .map(({ occurredAt }) => occurredAt);
    expect(effective).toEqual([...effective].sort());
    await passTo('2028-03-01');
    expect((await standing(customerId)).length).toBe(events.length);
  });

  it('R-026 what was due before a purchase was recorded is decided without it, whenever the timer fires', async () => {
    const customerId = await registered();
    await bought(customerId, '600000.00');
    // The timer never fired: in April 2027 it is A by its last due, the downgrade of 2027-07-01 is late too.
    world.clock.moveTo(at('2027-07-03'));
    await bought(customerId, '600000.00', '2027-07-03');
    expect(await tiers(customerId)).toEqual([
      'prospect→A 2026-01-05T07:00:00.000Z',
      `A→C ${midnight('2027-07-01')}`,
      'C→A 2027-07-03T07:00:00.000Z',
    ]);
  });

  it('R-026 a due that a correction took away is cancelled', async () => {
    const customerId = await registered();
    const { id } = await bought(customerId, '600000.00');
    await world.send('voidPurchase', { customerId, purchaseId: id, reason: '录入错误' });
    await settled();
    expect((await tiers(customerId)).at(-1)).toBe('A→prospect 2026-01-05T07:00:00.000Z');
    expect((await standing(customerId)).at(-1)).toMatchObject({
      type: deadlineEvents.DeadlineCancelled.type,
      data: { generation: 1 },
    });
  });

  it('R-026 a new policy version is reviewed at its effective instant', async () => {
    const customerId = await registered();
    await bought(customerId, '300000.00');
    const value = {
      mode: 'spend-led',
      spendCny: { a: '300000.00', b: '100000.00' },
      tenureYears: { a: 2, b: 1 },
      windowDays: 365,
      downgradeWait: 'calendar-quarter',
    };
    await world.send('changeProfilesPolicy', {
      policy: 'tiering',
      value,
      effectiveFrom: '2026-01-20T00:00:00+08:00',
    });
    await settled();
    expect(await tiers(customerId)).toHaveLength(1);
    expect(await scheduled(customerId)).toMatchObject({ due: midnight('2026-01-20') });
    await passTo('2026-01-20', '00:00:00');
    // At the instant itself a purchase would still be in time.
    expect(await tiers(customerId)).toHaveLength(1);
    await passTo('2026-01-20', '00:00:00.001');
    expect((await tiers(customerId)).at(-1)).toBe(`B→A ${midnight('2026-01-20')}`);
    expect(
      (await standing(customerId)).findLast(({ type }) => type.endsWith('TierChanged'))!.policies,
    ).toEqual({ tiering: 2 });
    await expect(
      world.send('changeProfilesPolicy', {
        policy: 'recording',
        value: {},
        effectiveFrom: '2027-01-01T00:00:00+08:00',
      }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('R-026 what the release before cannot read is not written while it runs, and its dues are taken over', async () => {
    await world.stop();
    app = await replica(world, 'previous');
    const customerId = await registered({ firstCooperationOn: '2024-12-01' });
    await bought(customerId, '600000.00');
    await passTo('2026-12-02');
    expect(await tiers(customerId)).toHaveLength(2);
    const types = (await standing(customerId)).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('crm.deadlines.'))).toEqual([]);
    expect(types).toContain(profileEvents.StandingReviewScheduled.type);

    await world.stop();
    app = await replica(world);
    await passTo('2028-02-01');
    expect((await tiers(customerId)).at(-1)).toBe(`A→C ${midnight('2027-07-01')}`);
    expect((await standing(customerId)).some(({ type }) => type === deadlineEvents.DeadlineFired.type)).toBe(
      true,
    );
    expect(world.alerts).toEqual([]);
  });

  it('two replicas react to the same events, and each change is recorded once', async () => {
    const runtime = { ...world.runtime(), sealer: codec as never };
    const other = await NestFactory.createApplicationContext(
      ProfilesModule.with(runtime, { opener: codec as never }),
      { logger: false },
    );
    try {
      const customers = await Promise.all(Array.from({ length: 10 }, () => registered()));
      for (const amount of ['100000.00', '250000.00', '200000.00']) {
        await Promise.all(customers.map((customerId) => bought(customerId, amount)));
      }
      world.clock.moveTo(at('2027-10-02'));
      await Promise.all([app.get(DeadlineSweeper).sweep(), other.get(DeadlineSweeper).sweep()]);
      await other.get(StandingReaction).caughtUp((await world.ledger().head()).position);
      for (const customerId of customers) {
        expect((await tiers(customerId)).map((text) => text.split(' ')[0])).toEqual([
          'prospect→B',
          'B→A',
          'A→C',
        ]);
      }
      expect(world.alerts).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('R-001 a credit code belongs to one customer; a repeated registration is the same one', async () => {
    const commandId = idOf('register once');
    const body = {
      name: '甲公司',
      kind: 'company',
      creditCode: '91350100M000100Y43',
      contacts: [{ fullName: '张三' }],
    };
    const first = await world.send('registerCustomer', body, { commandId });
    expect(first.ids).toHaveLength(1);
    expect(await world.send('registerCustomer', body, { commandId })).toEqual({ ...first, repeated: true });
    await expect(world.send('registerCustomer', { ...body, name: '乙公司' })).rejects.toMatchObject({
      details: { rule: 'R-001', errors: [{ field: 'creditCode' }] },
    });
    expect((await world.log()).filter(({ type }) => type.endsWith('CustomerRegistered'))).toHaveLength(1);
  });

  const yearsOf = async (customerId: string): Promise<readonly number[]> =>
    (await world.stream(`customer-${customerId}`))
      .filter(({ type }) => type === profileEvents.PurchaseYearOpened.type)
      .map(({ data }) => (data as { year: number }).year);

  it('R-003 first purchases of a year at the same time open the year once, whatever their dates', async () => {
    const customerId = await registered();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        bought(customerId, `${i + 1}.00`, i % 2 === 0 ? '2025-03-01' : '2026-01-05'),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(8);
    expect(await yearsOf(customerId)).toEqual([2026]);
  });

  it('R-003 an imported purchase repeated after months changes nothing', async () => {
    const customerId = await registered();
    const commandId = idOf('imported row');
    const first = await bought(customerId, '10.00', '2026-01-04', commandId);
    world.clock.moveTo(at('2026-06-01'));
    await bought(customerId, '20.00', '2026-06-01');
    const before = (await world.log()).length;
    expect((await bought(customerId, '10.00', '2026-01-04', commandId)).id).toBe(first.id);
    await expect(bought(customerId, '10.00', '2025-12-31', commandId)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
      details: { recorded: { stream: `purchases-${customerId}-2026`, revision: 0 } },
    });
    await expect(bought(customerId, '11.00', '2026-01-04', commandId)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
      details: { recorded: { stream: `purchases-${customerId}-2026`, revision: 0 } },
    });
    expect((await world.log()).length).toBe(before);
  });

  it.each([
    ['addContact', { fullName: '张三' }, { fullName: '李四' }],
    [
      'requestStrategicDesignation',
      { ground: 'growth-potential', validUntil: '2027-01-01' },
      { ground: 'industry-benchmark', validUntil: '2027-01-01' },
    ],
    [
      'recordPurchase',
      { purchasedOn: '2026-01-05', product: '甲', amount: { amount: '1.00', currency: 'CNY' } },
      { purchasedOn: '2026-01-05', product: '乙', amount: { amount: '1.00', currency: 'CNY' } },
    ],
  ] as const)(
    'contract: %s with a key older than 30 days is the same command, and another one is refused',
    async (command, body, other) => {
      const customerId = await registered();
      const commandId = idOf(`an old key of ${command}`);
      const send = (given: object, repeat: boolean) =>
        world.send(command, { customerId, ...given }, repeat ? { commandId } : {});
      const first = await send(body, true);
      world.clock.moveTo(world.clock.now() + 31 * 86_400_000);
      // What the stream's time forgets by.
      await world.send('addContact', { customerId, fullName: '王五' });
      await bought(customerId, '2.00', '2026-01-06');
      const before = await world.log();
      await expect(send(other, true)).rejects.toMatchObject({ kind: 'idempotency-key-reused', status: 422 });
      expect(await send(body, true)).toEqual({ ...first, repeated: true });
      expect(await world.log()).toEqual(before);
    },
  );

  it('contract: one command sent for two years at the same moment is recorded once', async () => {
    const customerId = await registered();
    await bought(customerId, '1.00', '2025-03-01');
    await bought(customerId, '2.00', '2026-01-05');
    for (let n = 0; n < 12; n += 1) {
      const commandId = idOf(`one key, two years ${n}`);
      const sent = ['2025-06-01', '2026-01-04'].map((day) => bought(customerId, '10.00', day, commandId));
      const answers = await Promise.allSettled(sent);
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { kind: 'idempotency-key-reused' },
      });
      expect((await world.log()).filter((event) => event.commandId === commandId)).toHaveLength(1);
    }
  });

  it('contract: a command repeated after the turn of the year is recorded once, and with another date refused', async () => {
    const customerId = await registered();
    const commandId = idOf('sent at the turn of the year');
    const first = await bought(customerId, '10.00', '2026-01-04', commandId);
    world.clock.moveTo(at('2027-01-01', '00:00:00'));
    expect(await bought(customerId, '10.00', '2026-01-04', commandId)).toEqual({ ...first, repeated: true });
    await bought(customerId, '20.00', '2027-01-01');
    expect(await bought(customerId, '10.00', '2026-01-04', commandId)).toMatchObject({ id: first.id });
    await expect(bought(customerId, '10.00', '2027-01-01', commandId)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
    });
    expect(await yearsOf(customerId)).toEqual([2026, 2027]);
    world.clock.moveTo(at('2028-02-05'));
    await bought(customerId, '30.00', '2028-01-01');
    // Two years on, the year that has ended still says what it was.
    expect(await bought(customerId, '10.00', '2026-01-04', commandId)).toMatchObject({
      id: first.id,
      repeated: true,
    });
    await expect(bought(customerId, '11.00', '2026-01-04', commandId)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
      details: { recorded: { stream: `purchases-${customerId}-2026`, revision: 0 } },
    });
    expect((await world.log()).filter((event) => event.commandId === commandId)).toHaveLength(2);
  });

  it('contract: one command on two replicas with clocks on both sides of the turn of the year is recorded once', async () => {
    const clock = new AdjustableClock(systemClock);
    clock.moveTo(at('2027-01-01', '00:00:00'));
    const transport = new InProcessTransport({ encode: true });
    // The one beyond the turn has decided, and opens the year, when the other one records.
    let first: (() => Promise<unknown>) | undefined;
    const ledger: Ledger = Object.assign(Object.create(world.ledger()) as Ledger, {
      async record(request: RecordRequest): Promise<RecordResult> {
        if (request.commandId === commandId) {
          const before = first;
          first = undefined;
          await before?.();
        }
        return world.ledger().record(request);
      },
    });
    let commandId = '';
    const runtime = { ...world.runtime({ clock, ledger }), sealer: codec as never };
    const options = { opener: codec as never };
    const other = await NestFactory.createMicroservice(ProfilesModule.with(runtime, options), {
      strategy: transport.server(),
      logger: false,
    });
    await other.listen();
    try {
      // The same request, and another one with the same key.
      for (const purchasedOn of ['2026-12-31', '2026-12-29']) {
        world.clock.moveTo(at('2026-12-31', '23:59:59'));
        const customerId = await registered();
        await bought(customerId, '1.00', '2026-12-30');
        const payload = { customerId, product: '年度服务', amount: { amount: '10.00', currency: 'CNY' } };
        commandId = idOf(`turn of the year ${purchasedOn}`);
        const meta = await world.meta({ commandId });
        const sendTo = (to: InProcessTransport, day: string): Promise<CommandAnswer> =>
          to.request<CommandAnswer>(commandSubject(COMMANDS.recordPurchase), {
            payload: { ...payload, purchasedOn: day },
            meta,
          });
        first = () => sendTo(world.transport, '2026-12-31');
        const [answer] = await Promise.allSettled([sendTo(transport, purchasedOn)]);
        expect(first).toBeUndefined();
        expect(answer!.status).toBe(purchasedOn === '2026-12-31' ? 'fulfilled' : 'rejected');
        const recorded = (await world.log()).filter((stored) => stored.commandId === commandId);
        expect(recorded.map(({ type }) => type)).toEqual([profileEvents.PurchaseRecorded.type]);
      }
    } finally {
      await other.close();
    }
  });

  it('R-026 a purchase of a year that has ended is voided once, and counts for nothing', async () => {
    const customerId = await registered();
    const { id: purchaseId } = await bought(customerId, '600000.00');
    world.clock.moveTo(at('2027-01-02'));
    await bought(customerId, '20.00', '2027-01-02');
    const reason = { customerId, purchaseId, reason: '录入错误' };
    await Promise.all([world.send('voidPurchase', reason), world.send('voidPurchase', reason)]);
    await settled();
    expect((await tiers(customerId)).at(-1)).toMatch(/^A→C 2027-01-02/);
    expect(await world.stream(`purchases-${customerId}-2026`)).toHaveLength(1);
    expect(await world.stream(`purchases-${customerId}-2027`)).toHaveLength(2);
  });

  it('R-026 a customer whose purchases come one after the other is reviewed meanwhile', async () => {
    const customerId = await registered();
    await bought(customerId, '1.00');
    const stream = streamName('standing', customerId);
    const before = (await standing(customerId)).length;
    let more = 0;
    // In front of every attempt to record a review there is one purchase more.
    const record = world.ledger().record.bind(world.ledger());
    world.ledger().record = async (request) => {
      if (request.writes.some((write) => write.stream === stream) && more < 20) {
        more += 1;
        await send(customerId, '1.00');
      }
      return record(request);
    };
    await send(customerId, '1.00');
    while (more < 20) await settled();
    await settled();
    expect((await standing(customerId)).length).toBeGreaterThan(before + 15);
    expect(world.alerts).toEqual([]);
    expect(
      (await standing(customerId)).findLast(({ type }) => type.endsWith('FiguresChanged'))!.data,
    ).toMatchObject({
      figures: { spend365dCny: '22.00', purchases365d: 22 },
    });
  });

  it('R-100 after the erasure of a person nothing is recorded about them', async () => {
    const { id: customerId, ids } = await world.send('registerCustomer', {
      name: '李四',
      kind: 'individual',
      contacts: [{ fullName: '王五' }],
    });
    await world.send('erasePerson', { customerId, personId: ids![0]! });
    await expect(
      world.send('recordContactLeft', { customerId, contactId: ids![0]!, leftOn: '2026-01-04' }),
    ).rejects.toMatchObject({ kind: 'rule-violated' });
    await world.send('erasePerson', { customerId, personId: customerId });
    const before = (await world.log()).length;
    await world.send('erasePerson', { customerId, personId: customerId });
    await expect(world.send('addContact', { customerId, fullName: '赵六' })).rejects.toMatchObject({
      kind: 'rule-violated',
    });
    await expect(bought(customerId, '1.00')).rejects.toMatchObject({ kind: 'rule-violated' });
    expect((await world.log()).length).toBe(before);
  });
});
