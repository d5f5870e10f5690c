import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { profileEvents, streamName, type RecordedEvent } from '@rapport/contracts';
import type { Ledger, ServiceRuntime } from '@rapport/event-sourcing';
import { AdjustableClock, systemClock, toMillis } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { InteractionsModule } from '@rapport/service-interactions';
import { ProfilesModule, StandingReaction } from '@rapport/service-profiles';
import { RiskModule } from '@rapport/service-risk';
import { World } from './harness/world.ts';

const MINUTE = 60_000;
const at = (text: string): number => toMillis(`${text}+08:00`);

describe('where the clocks of services and ledgers differ', () => {
  let world: World;
  /** The services', which stands still as the world's does. */
  let clock: AdjustableClock;

  beforeEach(async () => {
    world = await World.open({ now: '2026-03-10T10:00:00+08:00' });
    clock = new AdjustableClock(systemClock);
  });

  afterEach(() => world.close());

  const profiles = (runtime: ServiceRuntime) =>
    world.start({ with: () => ProfilesModule.with(runtime, { opener: world.sealer as never }) });
  const registered = async (): Promise<string> =>
    (
      await world.send('registerCustomer', {
        name: '科技有限公司',
        kind: 'company',
        firstCooperationOn: '2020-01-01',
      })
    ).id;
  const bought = (customerId: string, purchasedOn: string, amount = '600000.00') =>
    world.send('recordPurchase', {
      customerId,
      purchasedOn,
      product: '年度服务',
      amount: { amount, currency: 'CNY' },
    });
  const standing = (customerId: string) => world.stream(streamName('standing', customerId));
  const tierChanges = async (customerId: string): Promise<readonly RecordedEvent[]> =>
    (await standing(customerId)).filter(({ type }) => type === profileEvents.CustomerTierChanged.type);
  const isQuiet = async (): Promise<void> => {
    expect(world.alerts).toEqual([]);
    expect((await world.log()).filter(({ stream }) => stream.startsWith('parking-'))).toEqual([]);
  };

  it('contract: «now» is the ledger’s word: what happens now is recorded though the service is ahead, also at midnight', async () => {
    world.clock.moveTo(at('2026-03-10T23:55:00'));
    clock.moveTo(at('2026-03-11T00:05:00'));
    const runtime = world.runtime({ clock });
    await profiles(runtime);
    await world.start(RiskModule, runtime);
    const customerId = await registered();
    await bought(customerId, '2026-03-11');
    await world.send('identifyRisk', { customerId, kind: 'credit', source: '年报', evidence: '负债上升' });
    const ahead = (await world.log()).filter(({ occurredAt, recordedAt }) => occurredAt > recordedAt);
    // A tier of that day has it from its beginning on, which the ledger has yet to see.
    expect(ahead.filter(({ stream }) => !stream.startsWith('standing-'))).toEqual([]);
  });

  it('what a user says happened just now is refused for a moment only, and says for how long', async () => {
    clock.moveTo(world.clock.now() + 10 * MINUTE);
    const runtime = world.runtime({ clock });
    await profiles(runtime);
    await world.start(InteractionsModule, runtime);
    const customerId = await registered();
    const talk = {
      customerId,
      channel: 'call',
      purpose: 'needs',
      direction: 'outbound',
      startedAt: '2026-03-10T10:05:00+08:00',
      endedAt: '2026-03-10T10:09:00+08:00',
      content: '谈需求',
    };
    const refused = world.send('recordInteraction', talk);
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 600 } });
    world.clock.moveTo(world.clock.now() + 5 * MINUTE);
    expect(await world.send('recordInteraction', talk)).toMatchObject({ repeated: false });
    // What lies ahead of both is simply not true.
    const tomorrow = {
      ...talk,
      startedAt: '2026-03-11T10:05:00+08:00',
      endedAt: '2026-03-11T10:09:00+08:00',
    };
    await expect(world.send('recordInteraction', tomorrow)).rejects.toMatchObject({ kind: 'invalid-input' });
  });

  it('R-026 ledger replicas that differ by ten minutes park nothing, and the tier comes by itself', async () => {
    const [fast, slow] = [5, -5].map((minutes) => {
      const own = { now: () => world.clock.now() + minutes * MINUTE };
      return world.ledger({ clock: own });
    });
    // The purchase is recorded by the one that is ahead, whatever follows by the one that is behind.
    const ledger: Ledger = {
      record: (request) => {
        const isPurchase = request.writes.some(
          ({ stream, events }) => stream.startsWith('purchases-') && events.length > 0,
        );
        return (isPurchase ? fast! : slow!).record(request);
      },
      readStream: (stream, from) => slow!.readStream(stream, from),
      readLast: (stream) => slow!.readLast(stream),
      follow: (after, signal, categories) => slow!.follow(after, signal, categories),
      head: () => slow!.head(),
    };
    const runtime = world.runtime({ ledger });
    const app = await profiles(runtime);
    const customerId = await registered();
    await bought(customerId, '2026-03-10');
    await app.get(StandingReaction).caughtUp((await ledger.head()).position);
    expect(await tierChanges(customerId)).toEqual([]);
    expect((await standing(customerId)).at(-1)!.data).toMatchObject({
      deadline: 'standing-review-ahead',
      due: '2026-03-10T02:05:00.000Z',
    });
    await isQuiet();
    world.clock.moveTo(world.clock.now() + 10 * MINUTE + 1);
    await runtime.deadlines.sweep();
    await eventually(async () =>
      expect(await tierChanges(customerId)).toMatchObject([
        { data: { to: 'A', effectiveAt: '2026-03-10T02:05:00.000Z' } },
      ]),
    );
    await isQuiet();
  });

  it('R-026 after a clock ran ahead by days and was put right, reviews heal by themselves, and nothing is parked', async () => {
    const runtime = world.runtime();
    const app = await profiles(runtime);
    const settled = async () => app.get(StandingReaction).caughtUp((await world.ledger().head()).position);
    const customerId = await registered();
    const right = world.clock.now();
    world.clock.moveTo(right + 3 * 24 * 60 * MINUTE);
    await bought(customerId, '2026-03-12', '1000.00');
    await settled();
    world.clock.moveTo(right);
    await bought(customerId, '2026-03-10');
    await settled();
    // By then the customer was C; the second purchase is judged when time has come to where the first was recorded.
    expect((await tierChanges(customerId)).map(({ data }) => (data as { to: string }).to)).toEqual(['C']);
    await isQuiet();
    world.clock.moveTo(right + 3 * 24 * 60 * MINUTE + 1);
    await runtime.deadlines.sweep();
    await eventually(async () =>
      expect((await tierChanges(customerId)).map(({ data }) => (data as { to: string }).to)).toEqual([
        'C',
        'A',
      ]),
    );
    await isQuiet();
  });

  it('R-026 a clock that steps back a day parks nothing and loses nothing', async () => {
    const runtime = world.runtime();
    const app = await profiles(runtime);
    const settled = async () => app.get(StandingReaction).caughtUp((await world.ledger().head()).position);
    const customerId = await registered();
    await bought(customerId, '2026-03-10');
    await settled();
    const due = toMillis(((await standing(customerId)).at(-1)!.data as { due: string }).due);
    // The services' clock is right, the ledger's is a day behind when the due passes.
    clock.moveTo(due + 1);
    world.clock.moveTo(due - 24 * 60 * MINUTE);
    const right = world.runtime({ clock });
    await world.stop();
    await profiles(right);
    await right.deadlines.sweep();
    await isQuiet();
    world.clock.moveTo(due + 2);
    clock.moveTo(due + 2 * MINUTE);
    await right.deadlines.sweep();
    await eventually(async () =>
      expect((await standing(customerId)).some(({ type }) => type.endsWith('DeadlineFired'))).toBe(true),
    );
    await isQuiet();
  });
});
