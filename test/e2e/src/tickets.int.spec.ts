import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamName } from '@rapport/contracts';
import { TicketsModule } from '@rapport/service-tickets';
import { eventually } from '@rapport/platform/testing';
import { givenCustomer, givenTier } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';

describe('the tickets service, alone', () => {
  let world: World;
  let customerId: string;
  const complaint = {
    kind: 'complaint',
    channel: 'complaint-line',
    subject: '数据同步异常',
    message: '又坏了',
  };

  beforeEach(async () => {
    world = await World.open();
    customerId = await givenCustomer(world, '科技有限公司', '张经理');
    await world.start(TicketsModule);
  });

  afterEach(() => world.close());

  it('R-060 R-074 a complaint goes from opening to close, with its return visit', async () => {
    const { id: ticketId } = await world.send('openTicket', {
      customerId,
      ...complaint,
      contactId: idOf('张经理'),
    });
    await world.send('acknowledgeTicket', { ticketId, level: 'L2', category: 'quality' });
    await world.send('respondToTicket', { ticketId, text: '正在处理' });
    await world.send('resolveTicket', { ticketId, solution: '已修复' });
    await expect(world.send('closeTicket', { ticketId })).rejects.toMatchObject({
      kind: 'rule-violated',
      details: { rule: 'R-074' },
    });
    const visit = { visitedAt: '2026-03-10T10:00:00+08:00', opinion: '满意', satisfaction: 5 };
    await world.send('recordReturnVisit', { ticketId, ...visit });
    const { revision } = await world.send('closeTicket', { ticketId });
    expect(revision).toBe(5);
    expect(
      (await world.stream(streamName('ticket', ticketId))).map(({ type }) => type.split('.')[2]),
    ).toEqual([
      'TicketOpened',
      'TicketAcknowledged',
      'TicketResponded',
      'TicketResolved',
      'ReturnVisitRecorded',
      'TicketClosed',
    ]);
  });

  it('contract: a response with a key older than 30 days is the same one, and another one is refused', async () => {
    const { id: ticketId } = await world.send('openTicket', { customerId, ...complaint });
    const commandId = idOf('an old response');
    const respond = (text: string) => world.send('respondToTicket', { ticketId, text }, { commandId });
    const first = await respond('正在处理');
    world.clock.moveTo(world.clock.now() + 31 * 86_400_000);
    // What the stream's time forgets by.
    await world.send('respondToTicket', { ticketId, text: '仍在处理' });
    const before = await world.log();
    await expect(respond('已经处理')).rejects.toMatchObject({ kind: 'idempotency-key-reused', status: 422 });
    expect(await respond('正在处理')).toEqual({ ...first, repeated: true });
    expect(await world.log()).toEqual(before);
  });

  it('R-069 keeps the tier that it used, and the index of the event that it came from', async () => {
    const { id: before } = await world.send('openTicket', { customerId, ...complaint });
    expect((await world.stream(streamName('ticket', before)))[0]!.data).toMatchObject({
      tier: { value: 'prospect', index: -1 },
    });
    const index = await givenTier(world, customerId, 'prospect', 'A');
    await eventually(async () => {
      const { id } = await world.send('openTicket', { customerId, ...complaint });
      expect((await world.stream(streamName('ticket', id)))[0]!.data).toMatchObject({
        tier: { value: 'A', index },
      });
    });
  });

  it('R-043 records a service on its day, once per command', async () => {
    const record = {
      customerId,
      contactId: idOf('张经理'),
      servedOn: '2024-03-15',
      kind: 'support',
      problem: '系统数据同步异常',
      result: '24小时内修复并同步操作指南',
      servedBy: 'agent-7',
      servedByName: '李工',
      satisfaction: 5,
    };
    const commandId = idOf('row 1');
    const meta = { commandId, origin: 'import', roles: ['administrator'] } as const;
    const first = await world.send('recordService', record, meta);
    expect(await world.send('recordService', record, meta)).toEqual({ ...first, repeated: true });
    const stored = await world.stream(streamName('serviceRecord', first.id));
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      occurredAt: '2024-03-14T16:00:00.000Z',
      origin: 'import',
      data: { servedBy: 'agent-7', servedByName: { alg: 'A256GCM' }, problem: { alg: 'A256GCM' } },
    });
    await expect(world.send('recordService', { ...record, contactId: idOf('王总') })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
