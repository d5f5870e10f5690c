import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestMicroservice } from '@nestjs/common';
import { decodeEvent, event, profileEvents, streamName, type JsonValue } from '@rapport/contracts';
import { MemoryEventStore, type EventStore, type StoredEvent } from '@rapport/event-store';
import { eventually } from '@rapport/platform/testing';
import { InteractionsModule } from '@rapport/service-interactions';
import { ProfilesModule, StandingReaction } from '@rapport/service-profiles';
import { TicketsModule } from '@rapport/service-tickets';
import { contactAdded } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';
import { wrappedStore } from './harness/wrappedStore.ts';

/** A store of which some events are shown otherwise than they were recorded, as if a later release had written them. */
class LaterRelease {
  readonly shown = new Map<string, (bytes: Uint8Array) => Uint8Array>();
  private readonly inner = new MemoryEventStore();

  readonly store: EventStore = wrappedStore(this.inner, {
    append: (inner) => async (writes) => {
      const result = await inner.append(writes);
      return result.status === 'appended' ? { ...result, events: this.all(result.events) } : result;
    },
    readStream: (inner) => async (stream, options) => {
      const slice = await inner.readStream(stream, options);
      return { ...slice, events: this.all(slice.events) };
    },
    readAll: (inner) => async (options) => {
      const slice = await inner.readAll(options);
      return { ...slice, events: this.all(slice.events) };
    },
    readCounted: (inner) => async (from, limit) => this.all(await inner.readCounted(from, limit)),
    follow: (inner) => (options) => this.followed(inner.follow(options)),
  });

  private async *followed(
    batches: AsyncIterable<readonly StoredEvent[]>,
  ): AsyncIterable<readonly StoredEvent[]> {
    for await (const batch of batches) yield this.all(batch);
  }

  private all(events: readonly StoredEvent[]): readonly StoredEvent[] {
    return events.map((stored) => {
      const show = this.shown.get(stored.id);
      return show === undefined ? stored : { ...stored, data: show(stored.data) };
    });
  }
}

const version99 = (bytes: Uint8Array): Uint8Array => {
  const envelope = JSON.parse(Buffer.from(bytes).toString()) as Record<string, JsonValue>;
  return Buffer.from(JSON.stringify({ ...envelope, version: 99 }));
};
const noJson = (bytes: Uint8Array): Uint8Array => bytes.slice(0, -1);

describe.each([
  ['of version 99', version99],
  ['whose stored bytes are no JSON', noJson],
])('an event %s', (_what, show) => {
  let later: LaterRelease;
  let world: World;
  let profiles: INestMicroservice;

  /** The services of this release, with nothing in memory. */
  async function start(): Promise<void> {
    profiles = await world.start({
      with: (runtime) => ProfilesModule.with(runtime, { opener: world.sealer as never }),
    });
    await world.start(TicketsModule);
    await world.start(InteractionsModule);
  }

  beforeEach(async () => {
    later = new LaterRelease();
    world = await World.open({ store: later.store, now: '2026-01-05T15:00:00+08:00' });
    await start();
  });

  afterEach(() => world.close());

  const settled = async () => profiles.get(StandingReaction).caughtUp((await world.ledger().head()).position);
  const registered = async (name: string): Promise<string> =>
    (await world.send('registerCustomer', { name, kind: 'company', firstCooperationOn: '2020-01-01' })).id;
  const bought = (customerId: string, amount: string) =>
    world.send('recordPurchase', {
      customerId,
      purchasedOn: '2026-01-05',
      product: '年度服务',
      amount: { amount, currency: 'CNY' },
    });
  const opened = (customerId: string) =>
    world.send('openTicket', { customerId, kind: 'inquiry', level: 'L3', channel: 'phone', subject: '咨询' });
  const called = (customerId: string, participants: readonly string[] = []) =>
    world.send('recordInteraction', {
      customerId,
      channel: 'call',
      purpose: 'needs',
      startedAt: '2026-01-05T14:00:00+08:00',
      endedAt: '2026-01-05T14:10:00+08:00',
      participants,
      content: '讨论续约',
    });
  const tier = async (customerId: string): Promise<unknown> =>
    (await world.ledger().readStream(streamName('standing', customerId), 0)).findLast(
      ({ type }) => type === profileEvents.CustomerTierChanged.type,
    )?.data as { to: string } | undefined;

  it('stops what is known of that customer, in every service, and of nobody else; then everything is there', async () => {
    const [a, b] = [await registered('甲'), await registered('乙')];
    for (const customerId of [a, b]) {
      await bought(customerId, '150000.00');
      await opened(customerId);
    }
    await settled();
    const [contact] = await world.given(streamName('customer', a), contactAdded(a, '张三'));
    // Recorded, and shown as the later release wrote it: whoever has read it by now, has read it so.
    later.shown.set(contact!.id, show);
    await world.stop();
    await start();

    // Of everyone else.
    await bought(b, '600000.00');
    await settled();
    expect(await tier(b)).toMatchObject({ to: 'A' });
    await opened(b);
    await called(b);

    // Of this one.
    const parked = {
      kind: 'parked',
      details: { detail: expect.stringContaining(`customer-${a} waits at revision`) },
    };
    await expect(bought(a, '600000.00')).rejects.toMatchObject(parked);
    await expect(opened(a)).rejects.toMatchObject(parked);
    await expect(called(a)).rejects.toMatchObject(parked);
    await expect(world.send('addContact', { customerId: a, fullName: '李四' })).rejects.toMatchObject(parked);

    // The release that reads it.
    await world.stop();
    later.shown.clear();
    await start();
    await bought(a, '600000.00');
    await settled();
    expect(await tier(a)).toMatchObject({ to: 'A' });
    await called(a, [idOf('张三')]);
  });

  it('that comes while services work is told once by each of them, and stops nobody else', async () => {
    const [a, b] = [await registered('甲'), await registered('乙')];
    await opened(a);
    await opened(b);
    const { append } = later.store;
    const stream = streamName('customer', a);
    const { events } = await later.store.readStream(stream);
    const id = idOf('later');
    const {
      id: _id,
      position: _position,
      index: _index,
      revision,
      ...envelope
    } = decodeEvent(events.at(-1)!);
    later.shown.set(id, show);
    const bytes = Buffer.from(JSON.stringify({ ...envelope, commandId: id }));
    await append([
      { stream, expectedRevision: revision, events: [{ id, type: envelope.type, data: bytes }] },
    ]);
    await bought(b, '600000.00');
    await settled();
    expect(await tier(b)).toMatchObject({ to: 'A' });
    await eventually(() => {
      const told = world.alerts.filter(({ alert }) => alert === 'event cannot be read');
      expect(told.map(({ facts }) => facts['service']).sort()).toEqual([
        'interactions',
        'profiles',
        'tickets',
      ]);
      expect(told[0]!.facts).toMatchObject({ stream, type: envelope.type, revision: revision + 1 });
    });
    await expect(opened(a)).rejects.toMatchObject({ kind: 'parked' });
    await opened(b);
  });

  it('that a reaction would follow from waits, told once, and lets others go on; then it is reacted to', async () => {
    const [a, b] = [await registered('甲'), await registered('乙')];
    await world.stop();
    await world.given(
      streamName('customer', a),
      event(profileEvents.PurchaseYearOpened, { customerId: a, year: 2026 }),
    );
    const purchases = streamName('purchases', `${a}-2026`);
    const [purchase] = await world.given(
      purchases,
      event(profileEvents.PurchaseRecorded, {
        customerId: a,
        purchaseId: idOf('purchase'),
        purchasedOn: '2026-01-05',
        product: '年度服务',
        amount: { amount: '150000.00', currency: 'CNY', cny: '150000.00' },
      }),
    );
    later.shown.set(purchase!.id, show);
    await start();
    await bought(b, '600000.00');
    await settled();
    expect([await tier(a), await tier(b)]).toMatchObject([undefined, { to: 'A' }]);
    const told = () => world.alerts.filter(({ alert }) => alert === 'reaction parked');
    expect(told()).toMatchObject([{ facts: { reaction: 'standing', stream: purchases, revision: 0 } }]);

    await world.stop();
    later.shown.clear();
    await start();
    await settled();
    await eventually(async () => expect(await tier(a)).toMatchObject({ to: 'B' }));
    expect(told()).toHaveLength(1);
  });

  it('of a policy stops what is decided by that policy, and nothing else', async () => {
    const customerId = await registered('甲');
    await world.send('changeInteractionsPolicy', {
      policy: 'recording',
      effectiveFrom: '2026-01-05T15:05:00+08:00',
      value: { interactionHours: 12, majorEventHours: 24 },
    });
    const [changed] = (await later.store.readStream('policy-recording')).events;
    later.shown.set(changed!.id, show);
    await world.stop();
    await start();
    await expect(called(customerId)).rejects.toMatchObject({
      kind: 'parked',
      details: { detail: expect.stringContaining('policy-recording waits') },
    });
    await bought(customerId, '600000.00');
    await settled();
    expect(await tier(customerId)).toMatchObject({ to: 'A' });
    await opened(customerId);
  });
});
