import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamName, toDoIdOf } from '@rapport/contracts';
import { InteractionsModule } from '@rapport/service-interactions';
import { eventually } from '@rapport/platform/testing';
import { contactAdded, givenCustomer } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';

const call = {
  channel: 'call',
  purpose: 'needs',
  startedAt: '2026-03-10T09:00:00+08:00',
  endedAt: '2026-03-10T09:30:00+08:00',
  content: '讨论续约',
  nextSteps: [{ text: '寄方案', owner: 'actor-2', dueOn: '2026-03-12', priority: 'high' }],
};

describe('the interactions service, alone', () => {
  let world: World;
  let customerId: string;

  beforeEach(async () => {
    world = await World.open();
    customerId = await givenCustomer(world, '科技有限公司', '张经理');
    await world.start(InteractionsModule);
  });

  afterEach(() => world.close());

  it('R-040 records an interaction, sealed, at its end, with the policy that judged it', async () => {
    const { id, repeated } = await world.send('recordInteraction', {
      customerId,
      ...call,
      participants: [idOf('张经理')],
    });
    expect(repeated).toBe(false);
    const [stored] = await world.stream(streamName('interaction', id));
    expect(stored).toMatchObject({
      type: 'crm.interactions.InteractionRecorded',
      customerId,
      via: 'interactions',
      occurredAt: '2026-03-10T01:30:00.000Z',
      policies: { recording: 1 },
      data: {
        late: false,
        recordedAfterMs: 1_800_000,
        content: { alg: 'A256GCM' },
        place: 'remote',
        toDos: [{ text: { alg: 'A256GCM' } }],
      },
    });
  });

  it('R-040 what was said is sealed with the customer’s key, and opens again', async () => {
    const { id } = await world.send('recordInteraction', { customerId, ...call });
    const stream = streamName('interaction', id);
    expect(JSON.stringify(await world.stream(stream))).not.toContain('续约');
    expect((await world.opened(stream))[0]!.data).toMatchObject({
      content: '讨论续约',
      toDos: [{ text: '寄方案' }],
    });
  });

  describe('while a release rolls out', () => {
    const stream = (id: string) => streamName('interaction', id);
    const version = async (id: string) => (await world.stream(stream(id)))[0]!.version;
    /** A replica that is told what to write, with nothing in memory. */
    const replica = async (writeFormats: 'previous' | 'current'): Promise<void> => {
      await world.stop();
      await world.start({ with: (runtime) => InteractionsModule.with({ ...runtime, writeFormats }) });
    };

    it('is written as the release before reads it, and read as this one does', async () => {
      await replica('previous');
      const { id } = await world.send('recordInteraction', { customerId, ...call });
      expect(await version(id)).toBe(1);
      expect((await world.opened(stream(id)))[0]!.data).toMatchObject({ nextSteps: [{ text: '寄方案' }] });
      const [read] = await world.ledger().readStream(stream(id), 0);
      expect((await world.sealer.open(read!)).data).toMatchObject({
        place: 'remote',
        toDos: [{ toDoId: toDoIdOf(id, 0), text: '寄方案' }],
      });
    });

    it('loses nothing: what the release before cannot say waits until it can be written', async () => {
      const commandId = idOf('video');
      const video = { customerId, ...call, channel: 'meeting', place: 'video' };
      await replica('previous');
      await expect(world.send('recordInteraction', video, { commandId })).rejects.toMatchObject({
        kind: 'unavailable',
        details: { retryAfter: 30 },
      });
      await replica('current');
      const { id, repeated } = await world.send('recordInteraction', video, { commandId });
      expect(repeated).toBe(false);
      expect(await version(id)).toBe(2);
    });

    it('is recorded once, whatever was written by the replica that was asked before', async () => {
      const commandId = idOf('once');
      await replica('previous');
      const first = await world.send('recordInteraction', { customerId, ...call }, { commandId });
      await replica('current');
      const again = await world.send('recordInteraction', { customerId, ...call }, { commandId });
      expect(again).toEqual({ ...first, repeated: true });
      expect(await version(first.id)).toBe(1);
    });
  });

  it('records nothing while keys are unavailable, and the same command afterwards', async () => {
    const commandId = idOf('once');
    world.keys.interrupt(true);
    await expect(
      world.send('recordInteraction', { customerId, ...call }, { commandId }),
    ).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfter: 2 },
    });
    world.keys.interrupt(false);
    expect(await world.send('recordInteraction', { customerId, ...call }, { commandId })).toMatchObject({
      revision: 0,
      repeated: false,
    });
  });

  it('R-040 one effect per command: a repeat has the same answer', async () => {
    const commandId = idOf('once');
    const first = await world.send('recordInteraction', { customerId, ...call }, { commandId });
    const again = await world.send('recordInteraction', { customerId, ...call }, { commandId });
    expect(again).toEqual({ ...first, repeated: true });
    await expect(
      world.send('recordInteraction', { customerId, ...call, content: '别的' }, { commandId }),
    ).rejects.toMatchObject({ kind: 'idempotency-key-reused' });
    expect(await world.stream(streamName('interaction', first.id))).toHaveLength(1);
  });

  it('R-039 takes part who belongs to the customer; unknown customers and contacts are not found', async () => {
    const other = await givenCustomer(world, 'YY商贸公司', '王总');
    const unknown = { ...call, participants: [idOf('王总')] };
    await expect(world.send('recordInteraction', { customerId, ...unknown })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(
      world.send('recordInteraction', { customerId: idOf('nobody'), ...call }),
    ).rejects.toMatchObject({
      kind: 'not-found',
    });
    await world.send('recordInteraction', { customerId: other, ...unknown });
  });

  it('R-039 a contact added a moment ago takes part at once', async () => {
    await world.send('recordInteraction', { customerId, ...call });
    await world.given(streamName('customer', customerId), contactAdded(customerId, '赵工'));
    await world.send('recordInteraction', { customerId, ...call, participants: [idOf('赵工')] });
  });

  it('R-040 is judged by the policy in force when it ended, known a minute before it holds', async () => {
    const change = {
      policy: 'recording',
      value: { interactionHours: 1, majorEventHours: 24 },
      reason: '试点',
    };
    await expect(
      world.send('changeInteractionsPolicy', { ...change, effectiveFrom: '2026-03-10T10:00:59.999+08:00' }),
    ).rejects.toMatchObject({ kind: 'invalid-input', details: { errors: [{ field: 'effectiveFrom' }] } });
    const { id, revision } = await world.send('changeInteractionsPolicy', {
      ...change,
      effectiveFrom: '2026-03-10T10:01:00+08:00',
    });
    expect({ id, revision }).toEqual({ id: 'recording', revision: 0 });

    world.clock.moveTo(Date.parse('2026-03-10T13:00:00+08:00'));
    const before = { startedAt: '2026-03-10T10:00:00+08:00', endedAt: '2026-03-10T10:00:59.999+08:00' };
    const from = { startedAt: '2026-03-10T10:00:00+08:00', endedAt: '2026-03-10T10:01:00+08:00' };
    await eventually(async () => {
      const { id: late } = await world.send('recordInteraction', { customerId, ...call, ...from });
      expect((await world.stream(streamName('interaction', late)))[0]).toMatchObject({
        policies: { recording: 2 },
        data: { late: true },
      });
    });
    const { id: inTime } = await world.send('recordInteraction', { customerId, ...call, ...before });
    expect((await world.stream(streamName('interaction', inTime)))[0]).toMatchObject({
      policies: { recording: 1 },
      data: { late: false },
    });
  });

  it('a service changes its own policies only, and soundly', async () => {
    const effectiveFrom = '2026-04-01T00:00:00+08:00';
    await expect(
      world.send('changeInteractionsPolicy', { policy: 'tiering', value: {}, effectiveFrom }),
    ).rejects.toMatchObject({ kind: 'not-found' });
    await expect(
      world.send('changeInteractionsPolicy', {
        policy: 'recording',
        value: { interactionHours: 0 },
        effectiveFrom,
      }),
    ).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(
      world.send('changeInteractionsPolicy', {
        policy: 'recording',
        value: { interactionHours: 1.5 },
        effectiveFrom,
      }),
    ).rejects.toMatchObject({ kind: 'invalid-input' });
  });

  it('R-040 policies recorded before the service started are known to it', async () => {
    await world.send('changeInteractionsPolicy', {
      policy: 'recording',
      value: { interactionHours: 1, majorEventHours: 24 },
      effectiveFrom: '2026-03-10T10:01:00+08:00',
    });
    const later = await World.open({ store: world.store, now: '2026-03-12T00:00:00+08:00' });
    await later.start(InteractionsModule);
    const { id } = await later.send('recordInteraction', {
      customerId,
      ...call,
      startedAt: '2026-03-11T00:00:00+08:00',
      endedAt: '2026-03-11T00:00:00+08:00',
    });
    expect((await later.stream(streamName('interaction', id)))[0]).toMatchObject({
      policies: { recording: 2 },
    });
    await later.close();
  });

  it('R-040 imported history is never late', async () => {
    const { id } = await world.send(
      'recordInteraction',
      { customerId, ...call, startedAt: '2024-03-18T09:00:00+08:00', endedAt: '2024-03-18T10:00:00+08:00' },
      { origin: 'import', roles: ['administrator'] },
    );
    expect((await world.stream(streamName('interaction', id)))[0]).toMatchObject({
      origin: 'import',
      policies: {},
      data: { late: false },
    });
  });
});
