import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  deadlineEvents,
  deadlineIdOf,
  event,
  eventId,
  profileEvents,
  streamName,
  type Category,
  type DomainEvent,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  CommandHandler,
  commandHandling,
  DeadlineSweeper,
  expiringDesignations,
  ProjectedDues,
  ProjectedParked,
  type DeadlineTarget,
  type DeadlineTargets,
  type Decider,
  type Designations,
  type DesignationsCommand,
  type DueSource,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { EmbeddedEventStore } from '@rapport/event-store';
import { startOfDay } from '@rapport/calendar';
import { toInstant, toMillis } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { EmbeddedViewStore } from '@rapport/views';
import { startProjector } from './harness/projector.ts';
import { parkedKeys } from './harness/recordedParked.ts';
import { idOf, World } from './harness/world.ts';

const NOW = '2026-03-10T10:00:00+08:00';
const VIA = 'designations';
const streamOf = (name: string): string => streamName('customer', idOf(name));

/** One replica, and what it took up. */
class Replica {
  readonly handler: CommandHandler<Designations, DesignationsCommand>;
  readonly sweeper: DeadlineSweeper;
  readonly tried: string[] = [];

  constructor(
    readonly runtime: ServiceRuntime,
    decider: Decider<Designations, DesignationsCommand> = expiringDesignations,
  ) {
    const own = runtime.deadlines.of(VIA);
    const counting = {
      register: (category: Category, target: DeadlineTarget) =>
        own.register(category, {
          fire: (request) => {
            this.tried.push(request.deadlineId);
            return target.fire(request);
          },
        }),
    } as DeadlineTargets;
    const handling = { ...commandHandling(runtime, VIA), targets: counting };
    this.handler = new CommandHandler(handling, decider, { category: 'customer' });
    this.sweeper = new DeadlineSweeper(runtime, VIA);
  }
}

describe('sweeps, as the projector tells what is due', () => {
  let folder: string;
  let world: World;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sweeps-'));
    world = await World.open({ now: NOW, store: await EmbeddedEventStore.open({ directory: folder }) });
  });

  afterEach(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const runtime = (dues: DueSource = new ProjectedDues(world.transport)) =>
    world.runtime({ dues, parked: new ProjectedParked(world.transport) });

  /** Designations as a service recorded them, each with its due; many at once, past the command handler. Or the dues. */
  async function approved(names: readonly string[], validUntil: string, dueAlone = false) {
    const recordedAt = toInstant(toMillis(NOW));
    const append = (name: string) => {
      const stream = streamOf(name);
      const commandId = idOf(`approve ${name}`);
      const told: readonly DomainEvent[] = [
        event(profileEvents.StrategicDesignationApproved, {
          customerId: idOf(name),
          designationId: idOf(name),
          validUntil,
        }),
        event(deadlineEvents.DeadlineScheduled, {
          deadline: 'expiry',
          key: idOf(name),
          deadlineId: deadlineIdOf(stream, 'expiry', idOf(name)),
          generation: 1,
          due: toInstant(startOfDay(validUntil)),
          clause: 'R-020 expiry',
          customerId: idOf(name),
        }),
      ];
      const events = told.slice(dueAlone ? 1 : 0).map(({ type, data }, n) => {
        const envelope = {
          specversion: '1',
          type,
          version: 1,
          tenant: 'main',
          stream,
          occurredAt: recordedAt,
          recordedAt,
          origin: 'live',
          actor: 'a',
          via: VIA,
          commandId,
          requestHmac: 'h',
          correlationId: commandId,
          causationId: commandId,
          customerId: idOf(name),
          policies: {},
          data,
        };
        const bytes = canonicalBytes(envelope as JsonValue);
        return { id: eventId(commandId, stream, n, bytes), type, data: bytes };
      });
      return world.store.append([{ stream, expectedRevision: -1, events }]);
    };
    for (let n = 0; n < names.length; n += 1_000) {
      await Promise.all(names.slice(n, n + 1_000).map(append));
    }
  }

  const range = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${prefix} ${n}`);
  const ended = async (name: string): Promise<RecordedEvent | undefined> =>
    (await world.stream(streamOf(name))).find(
      ({ type }) => type === profileEvents.StrategicDesignationEnded.type,
    );
  /** Sweeps until this holds: the view needs a moment to show what is recorded. */
  const swept = (replicas: readonly Replica[], check: () => Promise<void>) =>
    eventually(async () => {
      await Promise.all(replicas.map(({ sweeper }) => sweeper.sweep()));
      await check();
    }, 120_000);

  it('two replicas share the work: together they take up hardly more than there is, and each due fires once', async () => {
    const names = range('shared', 3_000);
    await approved(names, '2026-06-01');
    await startProjector(world);
    const replicas = [new Replica(runtime()), new Replica(runtime())];
    world.clock.moveTo(startOfDay('2026-06-01') + 1);
    const last = names.at(-1)!;
    await swept(replicas, async () => expect(await ended(last)).toBeDefined());
    await swept(replicas, async () => {
      for (const name of names) expect(await ended(name)).toBeDefined();
    });
    const tries = replicas.map(({ tried }) => tried.length);
    expect(tries[0]! + tries[1]!).toBeLessThan(1.1 * names.length);
    for (const own of tries) expect(own).toBeGreaterThan(0.2 * names.length);
    const fired = await Promise.all(names.map((name) => world.stream(streamOf(name))));
    for (const stream of fired) {
      expect(stream.filter(({ type }) => type === deadlineEvents.DeadlineFired.type)).toHaveLength(1);
    }
    expect(world.alerts).toEqual([]);
  }, 300_000);

  it('10,000 that cannot fire cost the others nothing: they are parked, told in a word, and out of the way', async () => {
    const healthy = range('healthy', 300);
    const broken = range('broken', 10_000);
    await approved(broken, '2026-05-31');
    await approved(healthy, '2026-06-01');
    await startProjector(world);
    const brokenIds = new Set(broken.map(idOf));
    const { expiry } = expiringDesignations.deadlines!;
    const decider: Decider<Designations, DesignationsCommand> = {
      ...expiringDesignations,
      deadlines: {
        expiry: {
          afterDowntime: 'fire-late',
          fire(due, state) {
            if (brokenIds.has(due.key!)) throw new RangeError('a name that must not be told');
            return (expiry as Extract<typeof expiry, { fire(...of: never[]): unknown }>).fire(due, state);
          },
        },
      },
    };
    const replica = new Replica(runtime(), decider);
    world.clock.moveTo(startOfDay('2026-06-01') + 1);
    await swept([replica], async () => {
      for (const name of healthy) expect(await ended(name)).toBeDefined();
    });
    // All that are due earlier were tried once, and are parked.
    expect(new Set(replica.tried).size).toBe(10_300);
    expect(replica.tried).toHaveLength(10_300);
    expect(await parkedKeys(world.store)).toHaveLength(10_000);
    expect(world.alerts).toEqual([
      { alert: 'deadline parked', facts: expect.objectContaining({ reason: 'RangeError' }) },
    ]);
    // The next sweep finds none of them.
    const more = range('later', 50);
    await approved(more, '2026-06-01');
    await swept([replica], async () => {
      for (const name of more) expect(await ended(name)).toBeDefined();
    });
    expect(replica.tried).toHaveLength(10_350);
  }, 300_000);

  it('100,000 that sleep survive an upgrade of the code: what is recorded fires as it was recorded', async () => {
    const name = 'sleeping';
    const coming = range('coming', 500);
    await approved([name], '2099-01-01');
    await approved(range('sleeping', 99_499), '2099-01-01', true);
    await approved(coming, '2026-06-01');
    const views = await EmbeddedViewStore.open(join(folder, 'views.sqlite'));
    await startProjector(world, { views });
    // The newer code ends designations at noon, and tells of it otherwise.
    const newer: Decider<Designations, DesignationsCommand> = {
      ...expiringDesignations,
      dues: (holding) =>
        [...holding].map(([key, { customerId, validUntil }]) => ({
          name: 'expiry',
          key,
          at: startOfDay(validUntil) + 12 * 3_600_000,
          clause: 'R-020 expiry at noon',
          customerId,
        })),
    };
    const replica = new Replica(runtime(), newer);
    world.clock.moveTo(startOfDay('2026-06-01') + 1);
    await swept([replica], async () => {
      for (const name of coming) {
        expect(await ended(name)).toMatchObject({ occurredAt: toInstant(startOfDay('2026-06-01')) });
      }
    });
    expect(replica.tried).toHaveLength(coming.length);
    expect(world.alerts).toEqual([]);
    // Of those that sleep none was touched; the next decision on one says what is due by the newer code.
    const meta = await world.meta();
    const designation = { customerId: idOf(name), designationId: idOf('another'), validUntil: '2030-01-01' };
    await replica.handler.handle(streamOf(name), { do: 'approve', designation }, meta, {
      request: { name: 'x', payload: {} },
    });
    expect(
      (await world.stream(streamOf(name)))
        .slice(2)
        .map(({ type, data }) => [type, (data as { due?: string }).due]),
    ).toEqual([
      [profileEvents.StrategicDesignationApproved.type, undefined],
      [deadlineEvents.DeadlineScheduled.type, toInstant(startOfDay('2030-01-01') + 12 * 3_600_000)],
      [deadlineEvents.DeadlineScheduled.type, toInstant(startOfDay('2099-01-01') + 12 * 3_600_000)],
    ]);
    // And by the end of the century the others are as due as they were.
    const asked = { context: VIA, before: '2099-01-02T00:00:00.000Z', limit: 1, by: 'test' };
    const page = await new ProjectedDues(world.transport).due(asked);
    expect(page).toMatchObject({ items: [{ due: toInstant(startOfDay('2099-01-01')) }], stale: false });
    await world.stop();
    await views.close();
  }, 300_000);
});
