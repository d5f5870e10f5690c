import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  commandIdOfDeadline,
  deadlineEvents,
  deadlineIdOf,
  profileEvents,
  streamName,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  CommandHandler,
  commandHandling,
  DeadlineSweeper,
  type CommandMeta,
  type Decider,
  type Designations,
  type DesignationsCommand,
  type FiringDeadline,
  type Ledger,
  expiringDesignations,
  type RecordRequest,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { AdjustableClock, systemClock, toMillis } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { idOf, World } from './harness/world.ts';

const customerId = idOf('customer');
const STREAM = streamName('customer', customerId);
const at = (text: string): number => toMillis(`${text}+08:00`);
const MIDNIGHT = at('2026-06-01T00:00:00');

/** One replica of a service whose designations expire by themselves. */
class Replica {
  readonly handler: CommandHandler<Designations, DesignationsCommand>;
  readonly sweeper: DeadlineSweeper;

  constructor(
    readonly runtime: ServiceRuntime,
    decider: Decider<Designations, DesignationsCommand> = expiringDesignations,
  ) {
    this.handler = new CommandHandler(commandHandling(runtime, 'designations'), decider, {
      category: 'customer',
    });
    this.sweeper = new DeadlineSweeper(runtime, 'designations');
  }

  send(command: DesignationsCommand, meta: CommandMeta) {
    return this.handler.handle(STREAM, command, meta, {
      request: { name: 'designations.Do', payload: command as unknown as JsonValue },
    });
  }
}

describe('recorded dues', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.open({ now: '2026-03-10T10:00:00+08:00' });
  });

  afterEach(() => world.close());

  const approve = (name: string, validUntil = '2026-06-01'): DesignationsCommand => ({
    do: 'approve',
    designation: { customerId, designationId: idOf(name), validUntil },
  });
  const end = (name: string): DesignationsCommand => ({ do: 'end', designationId: idOf(name) });
  const dueOf = (name: string) => deadlineIdOf(STREAM, 'expiry', idOf(name));
  const firing = (name: string, generation = 1) => commandIdOfDeadline('main', dueOf(name), generation);
  const told = (events: readonly RecordedEvent[]): readonly string[] =>
    events.map(({ type }) => type.split('.').at(-1)!);
  /** The same whoever fired it: everything but when it was recorded. */
  const meaning = (events: readonly RecordedEvent[]) =>
    events.map(({ type, data, commandId, requestHmac, actor, occurredAt, origin, policies }) => ({
      type,
      data,
      commandId,
      requestHmac,
      actor,
      occurredAt,
      origin,
      policies,
    }));

  it('stand in the append of the decision that makes them, with clause, due and id', async () => {
    const replica = new Replica(world.runtime());
    const meta = await world.meta();
    await replica.send(approve('a'), meta);
    const events = await world.stream(STREAM);
    expect(events).toMatchObject([
      { type: profileEvents.StrategicDesignationApproved.type, commandId: meta.commandId },
      {
        type: deadlineEvents.DeadlineScheduled.type,
        commandId: meta.commandId,
        actor: 'actor-1',
        customerId,
        data: {
          deadline: 'expiry',
          key: idOf('a'),
          deadlineId: dueOf('a'),
          generation: 1,
          due: '2026-05-31T16:00:00.000Z',
          clause: 'R-020 expiry',
        },
      },
    ]);
    // Asked again, the command is answered as it was.
    expect(await replica.send(approve('a'), meta)).toMatchObject({ repeated: true, revision: 1 });
  });

  it('contract «Time and effects»: fire before a command is decided, in order of due, as commands of their own', async () => {
    const replica = new Replica(world.runtime());
    await replica.send(approve('late'), await world.meta());
    await replica.send(approve('early', '2026-05-01'), await world.meta());
    world.clock.moveTo(MIDNIGHT + 1);
    const meta = await world.meta();
    const outcome = await replica.send(approve('new', '2026-09-01'), meta);
    const events = (await world.stream(STREAM)).slice(4);
    expect(told(events)).toEqual([
      'DeadlineFired',
      'StrategicDesignationEnded',
      'DeadlineFired',
      'StrategicDesignationEnded',
      'StrategicDesignationApproved',
      'DeadlineScheduled',
    ]);
    expect(events.map(({ commandId }) => commandId)).toEqual([
      firing('early'),
      firing('early'),
      firing('late'),
      firing('late'),
      meta.commandId,
      meta.commandId,
    ]);
    expect(events.map(({ actor }) => actor)).toEqual([
      ...Array.from({ length: 4 }, () => 'system-deadlines'),
      'actor-1',
      'actor-1',
    ]);
    // Each happened when it was due, and was recorded now.
    expect(events[0]).toMatchObject({
      occurredAt: '2026-04-30T16:00:00.000Z',
      recordedAt: '2026-05-31T16:00:00.001Z',
    });
    // One append, and the answer is of the command alone.
    expect(new Set(events.map(({ recordedAt }) => recordedAt)).size).toBe(1);
    expect(told(outcome.events)).toEqual(['StrategicDesignationApproved', 'DeadlineScheduled']);
    expect(outcome).toMatchObject({ revision: 9, repeated: false });
  });

  it('contract «sealed fields»: what a firing seals is bound to its own command and revision', async () => {
    const sealed: (readonly [string, number])[] = [];
    const runtime = world.runtime();
    const sealer: ServiceRuntime['sealer'] = {
      seal(definition, data, context) {
        sealed.push([context.commandId, context.revision]);
        return runtime.sealer.seal(definition, data, context);
      },
    };
    const replica = new Replica({ ...runtime, sealer });
    await replica.send(approve('a'), await world.meta());
    await replica.send(approve('b'), await world.meta());
    world.clock.moveTo(MIDNIGHT + 1);
    sealed.length = 0;
    await replica.send(approve('c', '2026-09-01'), await world.meta());
    const events = (await world.stream(STREAM)).slice(4);
    expect(sealed).toEqual(events.map(({ commandId, revision }) => [commandId, revision]));
  });

  it('contract: at exactly the due instant a command is in time, a moment later it is too late', async () => {
    for (const [name, instant] of [
      ['in time', MIDNIGHT],
      ['too late', MIDNIGHT + 1],
    ] as const) {
      const other = await World.open({ now: '2026-03-10T10:00:00+08:00' });
      const replica = new Replica(other.runtime());
      await replica.send(approve('a'), await other.meta());
      other.clock.moveTo(instant);
      const answer = replica.send(end('a'), await other.meta());
      if (name === 'in time') {
        await answer;
        expect(told(await other.stream(STREAM)).slice(2)).toEqual([
          'StrategicDesignationEnded',
          'DeadlineCancelled',
        ]);
      } else {
        // It is judged by what has fired, and records nothing.
        await expect(answer).rejects.toMatchObject({ details: { rule: 'R-020' } });
        expect(await other.stream(STREAM)).toHaveLength(2);
      }
      await other.close();
    }
  });

  it('mean the same whether the sweeper fired them or a command did, down to their command ids', async () => {
    const streams: (readonly RecordedEvent[])[] = [];
    for (const sweptFirst of [true, false]) {
      const other = await World.open({ now: '2026-03-10T10:00:00+08:00' });
      const replica = new Replica(other.runtime());
      await replica.send(approve('a'), await other.meta({ commandId: idOf('1') }));
      await replica.send(approve('b', '2026-05-01'), await other.meta({ commandId: idOf('2') }));
      other.clock.moveTo(MIDNIGHT + 1);
      if (sweptFirst) await replica.sweeper.sweep();
      await replica.send(approve('c', '2026-09-01'), await other.meta({ commandId: idOf('3') }));
      // What a command fired, the sweeper finds done.
      await replica.sweeper.sweep();
      streams.push(await other.stream(STREAM));
      await other.close();
    }
    expect(meaning(streams[0]!)).toEqual(meaning(streams[1]!));
  });

  it('that two replicas fire at the same time fire once', async () => {
    const replicas = [new Replica(world.runtime()), new Replica(world.runtime())];
    await replicas[0]!.send(approve('a'), await world.meta());
    await replicas[1]!.send(approve('b'), await world.meta());
    world.clock.moveTo(MIDNIGHT + 1);
    const command = await world.meta();
    await Promise.all([
      ...replicas.map(({ sweeper }) => sweeper.sweep()),
      replicas[1]!.send(approve('c', '2026-09-01'), command),
    ]);
    const events = await world.stream(STREAM);
    expect(told(events).filter((type) => type === 'StrategicDesignationEnded')).toHaveLength(2);
    expect(events.filter(({ commandId }) => commandId === command.commandId)).toHaveLength(2);
    expect(world.alerts).toEqual([]);
  });

  it('fire late rather than never: what passed while nothing ran fires with its true due, however many', async () => {
    const replica = new Replica(world.runtime());
    const names = Array.from({ length: 120 }, (_, n) => `d${n}`);
    for (const name of names) await replica.send(approve(name), await world.meta());
    world.clock.moveTo(MIDNIGHT + 48 * 3_600_000);
    // More than one append holds, in front of a command that states the revision that it saw.
    const started = new Replica(world.runtime());
    const { revision } = await started.handler.load(STREAM);
    const meta = await world.meta({ ifRevision: revision });
    await started.send(approve('new', '2026-09-01'), meta);
    const events = await world.stream(STREAM);
    expect(told(events).filter((type) => type === 'DeadlineFired')).toHaveLength(120);
    expect(events.at(-2)).toMatchObject({ commandId: meta.commandId });
    const ended = events.filter(({ type }) => type === profileEvents.StrategicDesignationEnded.type);
    expect(new Set(ended.map(({ occurredAt }) => occurredAt))).toEqual(new Set(['2026-05-31T16:00:00.000Z']));
  });

  it('of an import fire nothing that was due before it; the demo’s clock drives them as time does', async () => {
    const replica = new Replica(world.runtime());
    const importer = { origin: 'import', roles: ['administrator'] } as const;
    await replica.send(approve('past', '2026-01-01'), await world.meta(importer));
    expect(told(await world.stream(STREAM))).toEqual(['StrategicDesignationApproved', 'DeadlineSkipped']);
    await replica.send(approve('coming'), await world.meta(importer));
    world.clock.moveTo(MIDNIGHT + 1);
    await replica.sweeper.sweep('demo');
    const events = (await world.stream(STREAM)).slice(4);
    expect(told(events)).toEqual(['DeadlineFired', 'StrategicDesignationEnded']);
    expect(events.map(({ origin }) => origin)).toEqual(['demo', 'demo']);
  });

  describe('where clocks differ', () => {
    /** A service whose clock is ten minutes ahead of the ledger's. */
    const ahead = (): ServiceRuntime => {
      const clock = new AdjustableClock(systemClock);
      clock.moveTo(world.clock.now() + 600_000);
      return world.runtime({ clock });
    };

    it('what has not passed by the ledger’s clock does not make a command fail: it is decided by that clock', async () => {
      await new Replica(world.runtime()).send(approve('a'), await world.meta());
      world.clock.moveTo(MIDNIGHT - 300_001);
      const replica = new Replica(ahead());
      await replica.send(approve('b', '2026-09-01'), await world.meta());
      expect(told(await world.stream(STREAM)).slice(2)).toEqual([
        'StrategicDesignationApproved',
        'DeadlineScheduled',
      ]);
      expect(world.alerts).toEqual([]);
    });

    it('a sweeper that is ahead parks nothing and tells nobody: it waits', async () => {
      await new Replica(world.runtime()).send(approve('a'), await world.meta());
      world.clock.moveTo(MIDNIGHT - 300_001);
      const replica = new Replica(ahead());
      await replica.sweeper.sweep();
      expect(told(await world.stream(STREAM))).toHaveLength(2);
      world.clock.moveTo(MIDNIGHT + 1);
      await new Replica(ahead()).sweeper.sweep();
      expect(told(await world.stream(STREAM))).toHaveLength(4);
      expect(world.alerts).toEqual([]);
      expect((await world.log()).some(({ stream }) => stream.startsWith('parking-'))).toBe(false);
    });
  });

  describe('that cannot fire', () => {
    const broken: Decider<Designations, DesignationsCommand> = {
      ...expiringDesignations,
      deadlines: {
        expiry: {
          afterDowntime: 'fire-late',
          fire(due, state) {
            if (due.key === idOf('broken')) throw new RangeError('a name that must not be told');
            const { expiry } = expiringDesignations.deadlines!;
            return (expiry as FiringDeadline<Designations>).fire(due, state);
          },
        },
      },
    };
    const streamOf = (name: string) => streamName('customer', idOf(name));

    it('are parked with their reason, cost the others nothing, are told once and tried again at growing intervals', async () => {
      const replica = new Replica(world.runtime(), broken);
      for (const name of ['broken', 'other']) {
        const { commandId, ...meta } = await world.meta();
        const designation = { customerId: idOf(name), designationId: idOf(name), validUntil: '2026-06-01' };
        await replica.handler.handle(
          streamOf(name),
          { do: 'approve', designation },
          { ...meta, commandId },
          {
            request: { name: 'x', payload: {} },
          },
        );
      }
      world.clock.moveTo(MIDNIGHT + 1);
      await replica.sweeper.sweep();
      expect(told(await world.stream(streamOf('other')))).toHaveLength(4);
      expect(world.alerts).toEqual([
        {
          alert: 'deadline parked',
          facts: { deadline: 'expiry', stream: streamOf('broken'), reason: 'RangeError' },
        },
      ]);
      const tries = async () =>
        (await world.log())
          .filter(({ stream }) => stream.startsWith('parking-'))
          .map(({ data }) => data as { attempt: number; retryAt: string });
      await replica.sweeper.sweep();
      expect(await tries()).toMatchObject([{ attempt: 1, retryAt: '2026-05-31T16:01:00.001Z' }]);
      world.clock.moveTo(MIDNIGHT + 60_002);
      await replica.sweeper.sweep();
      expect(await tries()).toMatchObject([
        { attempt: 1 },
        { attempt: 2, retryAt: '2026-05-31T16:03:00.002Z' },
      ]);
      expect(world.alerts).toHaveLength(1);
      // Repaired, it fires with its true due.
      world.clock.moveTo(MIDNIGHT + 180_003);
      await new Replica(world.runtime()).sweeper.sweep();
      expect((await world.stream(streamOf('broken'))).at(-1)).toMatchObject({
        type: profileEvents.StrategicDesignationEnded.type,
        occurredAt: '2026-05-31T16:00:00.000Z',
      });
    });

    it('since only newer code knows them wait for it, and are not cancelled by older code', async () => {
      await new Replica(world.runtime()).send(approve('a'), await world.meta());
      world.clock.moveTo(MIDNIGHT + 1);
      const older = {
        ...expiringDesignations,
        dues: () => [],
        deadlines: { other: { fire: 'withdrawn' } },
      } as const;
      const replica = new Replica(world.runtime(), older as never);
      await replica.sweeper.sweep();
      expect(world.alerts).toMatchObject([{ facts: { reason: 'UnknownDeadlineError' } }]);
      await replica.send(approve('b', '2026-09-01'), await world.meta());
      expect(told(await world.stream(STREAM))).toEqual([
        'StrategicDesignationApproved',
        'DeadlineScheduled',
        'StrategicDesignationApproved',
      ]);
      // The release that knows them need not wait for the next try.
      const newer = new Replica(world.runtime());
      newer.sweeper.onApplicationBootstrap();
      await eventually(async () =>
        expect(told(await world.stream(STREAM))).toContain('StrategicDesignationEnded'),
      );
      await newer.sweeper.onApplicationShutdown();
      expect(world.alerts).toHaveLength(1);
    });

    it('while the ledger does not answer are not parked', async () => {
      const replica = new Replica(world.runtime());
      await replica.send(approve('a'), await world.meta());
      world.clock.moveTo(MIDNIGHT + 1);
      await world.store.close();
      await expect(replica.sweeper.sweep()).rejects.toThrow();
    });
  });

  it('are recorded in one request with the command that comes after them', async () => {
    const requests: RecordRequest[] = [];
    const ledger = world.ledger();
    const watched = {
      record: (request: RecordRequest) => {
        requests.push(request);
        return ledger.record(request);
      },
      readStream: (stream: string, from: number) => ledger.readStream(stream, from),
      readLast: (stream: string) => ledger.readLast(stream),
    } as Ledger;
    const replica = new Replica(world.runtime({ ledger: watched }));
    await replica.send(approve('a'), await world.meta());
    await replica.send(approve('b'), await world.meta());
    world.clock.moveTo(MIDNIGHT + 1);
    await replica.send(approve('c', '2026-09-01'), await world.meta());
    const { firings, writes } = requests.at(-1)!;
    expect(firings!.map(({ commandId }) => commandId).sort()).toEqual([firing('a'), firing('b')].sort());
    expect(writes[0]!.events.map((one) => one.firing)).toEqual([0, 0, 1, 1, undefined, undefined]);
  });
});
