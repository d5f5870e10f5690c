import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestMicroservice } from '@nestjs/common';
import { deadlineEvents, profileEvents, streamName, type CurrentEvent } from '@rapport/contracts';
import { ProjectedDues, ProjectedParked, SERVICE_RUNTIME } from '@rapport/event-sourcing';
import { eventually } from '@rapport/platform/testing';
import { ProfilesModule, StandingReaction } from '@rapport/service-profiles';
import { HttpWorld, JSON_TYPE } from './harness/httpWorld.ts';
import { startProjector } from './harness/projector.ts';

const VALUE = {
  mode: 'spend-led',
  spendCny: { a: '300000.00', b: '100000.00' },
  tenureYears: { a: 2, b: 1 },
  windowDays: 365,
  downgradeWait: 'calendar-quarter',
};

describe('one customer whose review fails', () => {
  let http: HttpWorld;
  let app: INestMicroservice;
  /** Whose amounts cannot be read. */
  let broken: string | undefined;

  beforeEach(async () => {
    broken = undefined;
    http = await HttpWorld.open();
    const { world } = http;
    await startProjector(world);
    const runtime = world.runtime({
      dues: new ProjectedDues(world.transport),
      parked: new ProjectedParked(world.transport),
    });
    const opener = {
      open: (event: CurrentEvent) => {
        if (event.customerId === broken) throw new RangeError('a name that must not be told');
        return world.sealer.open(event);
      },
    };
    app = await world.start({ with: () => ProfilesModule.with(runtime, { opener: opener as never }) });
  });

  afterEach(() => http.close());

  const admin = async (method: string, path: string, body?: object) =>
    http.raw(method, path, {
      headers: { authorization: `Bearer ${await http.token('administrator')}`, ...(body && JSON_TYPE) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const registered = async (name: string): Promise<string> =>
    (await http.world.send('registerCustomer', { name, kind: 'company', firstCooperationOn: '2020-01-01' }))
      .id;
  const bought = async (customerId: string, amount = '350000.00') => {
    const answer = await http.world.send('recordPurchase', {
      customerId,
      purchasedOn: '2026-03-10',
      product: '年度服务',
      amount: { amount, currency: 'CNY' },
    });
    await app.get(StandingReaction).caughtUp((await http.world.ledger().head()).position);
    return answer;
  };
  const tierOf = async (customerId: string): Promise<unknown> =>
    (await http.world.stream(streamName('standing', customerId))).findLast(
      ({ type }) => type === profileEvents.CustomerTierChanged.type,
    )?.data;
  const listed = async () => (await admin('GET', '/api/parked')).body['items'] as Record<string, unknown>[];
  const parked = (count: number) =>
    eventually(async () => {
      const items = await listed();
      expect(items).toHaveLength(count);
      return items;
    });

  it('is shown to an operator, who may have it tried again, and keeps no other customer waiting', async () => {
    const [poison, other] = [await registered('甲公司'), await registered('乙公司')];
    broken = poison;
    await bought(poison);
    await bought(other);
    expect(await tierOf(other)).toMatchObject({ to: 'B' });
    const [item] = await parked(1);
    expect(item).toMatchObject({
      owner: 'reaction/standing-1',
      key: poison,
      reason: 'RangeError',
      attempt: 1,
      retryAt: '2026-03-10T02:01:00.000Z',
    });
    expect((await admin('GET', '/api/parked?owner=deadlines/profiles')).body['items']).toEqual([]);
    expect((await admin('GET', '/api/parked?owner=甲')).status).toBe(400);

    broken = undefined;
    const retry = `/api/parked/${String(item!['id'])}/retry`;
    expect((await http.send('POST', retry, {})).status).toBe(403);
    expect((await admin('POST', '/api/parked/0f5a7f6e-0000-5000-8000-000000000001/retry', {})).status).toBe(
      404,
    );
    expect((await admin('POST', retry, {})).status).toBe(200);
    await eventually(async () =>
      expect((await listed())[0]).toMatchObject({ retryAt: '2026-03-10T02:00:00.000Z' }),
    );
    http.world.clock.moveTo(http.world.clock.now() + 1);
    await app.get(StandingReaction).retryParked();
    expect(await tierOf(poison)).toMatchObject({ to: 'B' });
    await parked(0);
    // What waits no more cannot be tried again.
    expect((await admin('POST', retry, {})).status).toBe(404);
  });

  it('R-026 keeps no other customer from a new policy, nor any purchase meanwhile; an operator sees how far it is', async () => {
    const buyers = await Promise.all(['甲公司', '乙公司', '丙公司'].map(registered));
    const poison = buyers[0]!;
    broken = poison;
    for (const customerId of buyers) await bought(customerId);
    await http.world.send('changeProfilesPolicy', {
      policy: 'tiering',
      value: VALUE,
      effectiveFrom: '2026-03-20T00:00:00+08:00',
    });
    await app.get(StandingReaction).caughtUp((await http.world.ledger().head()).position);
    const reviewed = async (customerId: string) =>
      (await http.world.stream(streamName('standing', customerId)))
        .map(({ data }) => data as { readonly deadline?: string })
        .findLast(({ deadline }) => deadline === 'standing-review');
    for (const customerId of buyers.slice(1)) {
      expect(await reviewed(customerId)).toMatchObject({ due: '2026-03-19T16:00:00.000Z' });
    }
    expect((await admin('GET', '/api/campaigns')).body['items']).toMatchObject([
      { campaign: 'standing-policies', settled: 2, parked: 1, finished: true },
    ]);
    const items = await parked(2);
    expect(items.map(({ owner, key }) => [owner, key]).sort()).toEqual([
      ['campaign/standing-policies', poison],
      ['reaction/standing-1', poison],
    ]);
    broken = undefined;
    http.world.clock.moveTo(http.world.clock.now() + 61_000);
    await app.get(StandingReaction).retryParked();
    expect(await reviewed(poison)).toMatchObject({
      due: '2026-03-19T16:00:00.000Z',
      deadline: 'standing-review',
    });
    await parked(0);
  });

  it('R-026 due reviews fire once, as the projector’s view tells them', async () => {
    const [one, other] = [await registered('甲公司'), await registered('乙公司')];
    await bought(one);
    await bought(other);
    const ofReviews = async (customerId: string) =>
      (await http.world.stream(streamName('standing', customerId)))
        .map(({ type, data }) => ({
          type,
          ...(data as { readonly deadline?: string; readonly due: string }),
        }))
        .filter(({ deadline }) => deadline === 'standing-review');
    const { due } = (await ofReviews(other)).at(-1)!;
    http.world.clock.moveTo(Date.parse(due) + 1);
    const { deadlines } = app.get<{ deadlines: { sweep(): Promise<void> } }>(SERVICE_RUNTIME);
    const events = async (customerId: string) => (await ofReviews(customerId)).map(({ type }) => type);
    // The view needs a moment to show what is due.
    await eventually(async () => {
      await deadlines.sweep();
      expect(await events(other)).toContain(deadlineEvents.DeadlineFired.type);
    });
    expect(await events(one)).toContain(deadlineEvents.DeadlineFired.type);
    await deadlines.sweep();
    expect((await events(other)).filter((type) => type === deadlineEvents.DeadlineFired.type)).toHaveLength(
      1,
    );
  });
});
