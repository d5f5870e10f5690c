import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  commandIdOfReaction,
  event,
  ledgerEvents,
  profileEvents,
  streamName,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  Parking,
  ReactionRunner,
  type Ledger,
  type Reaction,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { Problem } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { parkedKeys } from './harness/recordedParked.ts';
import { numbersOf, TALLY_STREAM, TallyService } from './harness/tally.ts';
import { idOf, World } from './harness/world.ts';

const POSITIONS = streamName('reaction', 'count-designations-1');
const { type } = profileEvents.StrategicDesignationEnded;

describe('a reaction', () => {
  let world: World;
  let runners: ReactionRunner[];

  beforeEach(async () => {
    world = await World.open();
    runners = [];
  });

  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await world.close();
  });

  /** A trigger of this reaction, of a customer of its own. */
  async function trigger(name: string): Promise<RecordedEvent> {
    const customerId = idOf(name);
    const ended = event(profileEvents.StrategicDesignationEnded, {
      customerId,
      designationId: idOf('designation'),
    });
    return (await world.given(streamName('customer', customerId), ended))[0]!;
  }

  /** Starts a runner that counts each trigger on the tally; `fails` may throw and `waits` may wait first. */
  function run(
    options: {
      readonly startsAt?: Reaction['startsAt'];
      readonly runtime?: ServiceRuntime;
      readonly fails?: () => void;
      readonly failsFor?: (cause: RecordedEvent) => void;
      readonly waits?: () => Promise<void>;
    } = {},
  ) {
    const runtime = options.runtime ?? world.runtime();
    const tally = new TallyService(runtime);
    const started: string[] = [];
    const seen: string[] = [];
    const runner = new ReactionRunner(runtime, 'profiles', {
      name: 'count-designations',
      version: 1,
      triggers: [type],
      startsAt: options.startsAt ?? 'first-event',
      key: ({ stream }) => stream,
      async react(cause, step) {
        started.push(cause.id);
        options.fails?.();
        options.failsFor?.(cause);
        await options.waits?.();
        await tally.send({ do: 'next' }, await step('count'));
        seen.push(cause.id);
      },
    });
    runners.push(runner);
    runner.start();
    return { runner, started, seen };
  }

  const counted = () => world.stream(TALLY_STREAM);
  const reached = async () =>
    (await world.stream(POSITIONS)).map(({ data }) => (data as { throughPosition: number }).throughPosition);
  const waiting = async () => (await parkedKeys(world.store)).map(({ key }) => key);
  const caughtUp = (position: number) =>
    eventually(async () => expect((await reached()).at(-1)).toBeGreaterThanOrEqual(position));

  it('carries out its commands with ids derived from reaction, version, event and step', async () => {
    const cause = await trigger('a');
    run();
    await caughtUp(cause.position);
    expect(await counted()).toMatchObject([
      {
        commandId: commandIdOfReaction('main', 'count-designations', 1, cause.id, 'count'),
        causationId: cause.id,
        correlationId: cause.correlationId,
        actor: 'system-count-designations',
      },
    ]);
  });

  it('records its position, and a restart goes on from there', async () => {
    const first = await trigger('a');
    const { runner } = run();
    await caughtUp(first.position);
    await runner.stop();
    const second = await trigger('b');
    const { seen } = run();
    await caughtUp(second.position);
    expect(seen).toEqual([second.id]);
    expect(numbersOf(await counted())).toEqual([1, 2]);
  });

  it('that starts at the head leaves history alone', async () => {
    await trigger('a');
    const { seen } = run({ startsAt: 'head' });
    await eventually(async () => expect(await reached()).toHaveLength(1));
    const second = await trigger('b');
    await caughtUp(second.position);
    expect(seen).toEqual([second.id]);
  });

  it('two runners fence each other: positions only grow, and each event has one effect', async () => {
    const pair = [run(), run()];
    const causes: RecordedEvent[] = [];
    for (let n = 0; n < 20; n += 1) causes.push(await trigger(`customer ${n}`));
    await caughtUp(causes.at(-1)!.position);
    await Promise.all(pair.map(({ runner }) => runner.stop()));
    const positions = await reached();
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    const events = await counted();
    expect(numbersOf(events)).toEqual(causes.map((_, n) => n + 1));
    expect(new Set(events.map(({ causationId }) => causationId))).toEqual(
      new Set(causes.map(({ id }) => id)),
    );
  });

  it('a runner that was overtaken gives up its batch and goes on from the recorded position', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = await trigger('a');
    const slow = run({ waits: () => held });
    await eventually(() => expect(slow.started).toEqual([first.id]));
    const fast = run();
    const second = await trigger('b');
    await caughtUp(second.position);
    world.clock.moveTo(world.clock.now() + 1_000);
    release();
    const third = await trigger('c');
    await caughtUp(third.position);
    await eventually(() => expect(slow.started.length + fast.started.length).toBeGreaterThanOrEqual(4));
    expect(slow.started).not.toContain(second.id);
    expect(numbersOf(await counted())).toEqual([1, 2, 3]);
  });

  it('two runners that start at different heads in the same moment skip nothing in between', async () => {
    const ledger = world.ledger();
    let between: RecordedEvent | undefined;
    // The slow one has asked for the head and not yet recorded it, when the other one starts later and records first.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: Ledger = {
      record: (request) => ledger.record(request),
      readStream: (stream, from) => ledger.readStream(stream, from),
      readLast: (stream) => ledger.readLast(stream),
      follow: (after, signal) => ledger.follow(after, signal),
      head: async () => {
        await held;
        return ledger.head();
      },
    };
    const late = run({ startsAt: 'head', runtime: world.runtime({ ledger: slow }) });
    const early = run({ startsAt: 'head' });
    await eventually(async () => expect(await reached()).toHaveLength(1));
    await early.runner.stop();
    between = await trigger('between');
    release();
    await caughtUp(between.position);
    await late.runner.stop();
    expect((await counted()).map(({ causationId }) => causationId)).toEqual([between.id]);
  });

  it('that fails is reported and tried again; nothing is skipped', async () => {
    let failures = 2;
    const first = await trigger('a');
    run({
      fails: () => {
        if ((failures -= 1) >= 0) throw new Error('not now');
      },
    });
    const second = await trigger('b');
    await caughtUp(second.position);
    expect((await counted()).map(({ causationId }) => causationId).toSorted()).toEqual(
      [first.id, second.id].toSorted(),
    );
    expect(world.alerts).toContainEqual({
      alert: 'reaction failed',
      facts: { reaction: 'count-designations', error: 'Error' },
    });
  });

  describe('that cannot react to the event of a key', () => {
    const MINUTE = 60_000;

    it('parks it in a stream of its own, lets others go on, tells it once, and tries it again at growing intervals', async () => {
      const poison = await trigger('a');
      let broken = true;
      const { runner, started } = run({
        failsFor: (cause) => {
          if (broken && cause.id === poison.id) throw new RangeError('a name that must not be told');
        },
      });
      const other = await trigger('b');
      await caughtUp(other.position);
      expect((await counted()).map(({ causationId }) => causationId)).toEqual([other.id]);
      const told = () => world.alerts.filter(({ alert }) => alert === 'reaction parked');
      expect(told()).toEqual([
        {
          alert: 'reaction parked',
          facts: {
            reaction: 'count-designations',
            stream: poison.stream,
            revision: 0,
            reason: 'RangeError',
          },
        },
      ]);
      const tries = () => started.filter((id) => id === poison.id).length;
      const before = tries();
      const since = world.clock.now();
      // Not at once, not before its time, and then once at a time.
      for (const [minutes, more] of [
        [0, 0],
        [1, 1],
        [2, 1],
        [3, 2],
        [6, 2],
        [7, 3],
      ] as const) {
        world.clock.moveTo(since + minutes * MINUTE + minutes);
        await runner.retryParked();
        expect([minutes, tries() - before]).toEqual([minutes, more]);
      }
      expect(told()).toHaveLength(1);
      broken = false;
      world.clock.moveTo(since + 15 * MINUTE + 15);
      await runner.retryParked();
      expect((await counted()).map(({ causationId }) => causationId)).toEqual([other.id, poison.id]);
      expect(await waiting()).toEqual([]);
      // Of all that, the record of its position knows nothing.
      expect((await world.stream(POSITIONS)).every(({ data }) => !('parked' in (data as object)))).toBe(true);
    });

    it('is up to date with a later event of the key: the parked one is not reacted to after it', async () => {
      const poison = await trigger('a');
      const { runner, seen } = run({
        failsFor: (cause) => {
          if (cause.id === poison.id) throw new RangeError('poison');
        },
      });
      await caughtUp(poison.position);
      expect(await waiting()).toEqual([poison.stream]);
      const later = await trigger('a');
      await caughtUp(later.position);
      expect(await waiting()).toEqual([]);
      world.clock.moveTo(world.clock.now() + 24 * 60 * MINUTE);
      await runner.retryParked();
      expect(seen).toEqual([later.id]);
    });

    it('a later event that fails too is what is tried again, without another alert', async () => {
      const poison = await trigger('a');
      let broken = true;
      const { runner, seen } = run({
        failsFor: (cause) => {
          if (broken && cause.stream === poison.stream) throw new RangeError('poison');
        },
      });
      await caughtUp(poison.position);
      const later = await trigger('a');
      await caughtUp(later.position);
      expect(await parkedKeys(world.store)).toMatchObject([{ revision: later.revision, attempt: 2 }]);
      expect(world.alerts.filter(({ alert }) => alert === 'reaction parked')).toHaveLength(1);
      broken = false;
      world.clock.moveTo(world.clock.now() + 24 * 60 * MINUTE);
      await runner.retryParked();
      expect(seen).toEqual([later.id]);
    });

    it('a restart does not forget that it waits, and is not held up by it', async () => {
      const poison = await trigger('a');
      let broken = true;
      const failsFor = (cause: RecordedEvent) => {
        if (broken && cause.id === poison.id) throw new RangeError('poison');
      };
      const { runner } = run({ failsFor });
      await caughtUp(poison.position);
      await runner.stop();
      const next = await trigger('b');
      const again = run({ failsFor });
      await caughtUp(next.position);
      expect(again.started).toEqual([next.id]);
      broken = false;
      world.clock.moveTo(world.clock.now() + 24 * 60 * MINUTE);
      await again.runner.retryParked();
      expect(again.seen).toEqual([next.id, poison.id]);
    });

    it('however many wait, a start and an event cost the same, and the record of its position stays small', async () => {
      const costs: { readonly reads: number; readonly bytes: number }[] = [];
      for (const many of [1, 300]) {
        const other = await World.open();
        const owner = 'reaction/count-designations-1';
        const parking = new Parking(other.runtime(), 'profiles');
        for (let n = 0; n < many; n += 1) {
          await parking.park({
            owner,
            key: `key ${n}`,
            stream: 'customer-1',
            revision: 0,
            reason: 'TypeError',
          });
        }
        const { position } = await other.ledger().head();
        await other.given(
          POSITIONS,
          event(ledgerEvents.ReactionAdvanced, {
            reaction: 'count-designations',
            version: 1,
            throughPosition: position,
            throughIndex: position,
          }),
        );
        const ledger = other.ledger();
        let reads = 0;
        const watched: Ledger = {
          record: (request) => ledger.record(request),
          readStream(stream, from) {
            reads += 1;
            return ledger.readStream(stream, from);
          },
          readLast(stream) {
            reads += 1;
            return ledger.readLast(stream);
          },
          follow: (after, signal) => ledger.follow(after, signal),
          head: () => ledger.head(),
        };
        const runner = new ReactionRunner(other.runtime({ ledger: watched }), 'profiles', {
          name: 'count-designations',
          version: 1,
          triggers: [type],
          startsAt: 'first-event',
          key: ({ stream }) => stream,
          react: async () => undefined,
        });
        runner.start();
        const designation = { customerId: idOf('x'), designationId: idOf('designation') };
        const [cause] = await other.given(
          streamName('customer', idOf('x')),
          event(profileEvents.StrategicDesignationEnded, designation),
        );
        await runner.caughtUp(cause!.position);
        await runner.stop();
        const [last] = (await other.store.readStream(POSITIONS, { direction: 'backwards', limit: 1 })).events;
        costs.push({ reads, bytes: last!.data.byteLength });
        await other.close();
      }
      const [one, many] = costs;
      expect(many!.reads).toBe(one!.reads);
      expect(many!.bytes - one!.bytes).toBeLessThan(20);
    });

    it('keys in a former record of its position are given places of their own, once', async () => {
      const poison = await trigger('a');
      const other = await trigger('b');
      await world.given(
        POSITIONS,
        event(ledgerEvents.ReactionAdvanced, {
          reaction: 'count-designations',
          version: 1,
          throughPosition: other.position,
          throughIndex: other.index!,
          parked: [
            { key: poison.stream, stream: poison.stream, revision: poison.revision, reason: 'TypeError' },
          ],
        }),
      );
      const { runner, seen } = run();
      const next = await trigger('c');
      await caughtUp(next.position);
      expect(await parkedKeys(world.store)).toMatchObject([
        { owner: 'reaction/count-designations-1', key: poison.stream, reason: 'TypeError', attempt: 1 },
      ]);
      expect((await world.stream(POSITIONS)).at(-1)!.data).not.toHaveProperty('parked');
      world.clock.moveTo(world.clock.now() + 2 * MINUTE);
      await runner.retryParked();
      expect(seen).toEqual([next.id, poison.id]);
      expect(await waiting()).toEqual([]);
    });
  });

  describe('while something fails that goes away by itself', () => {
    const unavailable = () => new Problem({ kind: 'unavailable', detail: 'The key store does not answer.' });

    it('waits as a whole where nothing succeeds: an outage parks nothing', async () => {
      const first = await trigger('a');
      let failures = 12;
      const { started } = run({
        fails: () => {
          if ((failures -= 1) >= 0) throw unavailable();
        },
      });
      await caughtUp(first.position);
      expect(started.length).toBe(13);
      expect((await world.log()).filter(({ stream }) => stream.startsWith('parking-'))).toEqual([]);
      expect(world.alerts.some(({ alert }) => alert === 'reaction parked')).toBe(false);
    });

    it('one customer alone for whom it lasts keeps no other waiting, is told nobody at once, and heals by itself', async () => {
      const lost = await trigger('a');
      const other = await trigger('b');
      let broken = true;
      const { runner, seen } = run({
        failsFor: (cause) => {
          if (broken && cause.stream === lost.stream) throw unavailable();
        },
      });
      await caughtUp(other.position);
      expect(seen).toEqual([other.id]);
      expect(await waiting()).toEqual([lost.stream]);
      expect(world.alerts.some(({ alert }) => alert === 'reaction parked')).toBe(false);
      broken = false;
      world.clock.moveTo(world.clock.now() + 61_000);
      await runner.retryParked();
      expect(seen).toEqual([other.id, lost.id]);
      expect(await waiting()).toEqual([]);
    });
  });

  it('that starts again reads the last of its positions only, however many there are', async () => {
    const { runner } = run();
    for (const name of ['a', 'b', 'c']) await caughtUp((await trigger(name)).position);
    await runner.stop();
    const ledger = world.ledger();
    const read: string[] = [];
    const watched: Ledger = {
      record: (request) => ledger.record(request),
      async readStream(stream, from) {
        read.push(stream);
        return ledger.readStream(stream, from);
      },
      readLast: (stream) => ledger.readLast(stream),
      follow: (after, signal) => ledger.follow(after, signal),
      head: () => ledger.head(),
    };
    const { seen } = run({ runtime: world.runtime({ ledger: watched }) });
    const next = await trigger('d');
    await caughtUp(next.position);
    expect(seen).toEqual([next.id]);
    expect(read).not.toContain(POSITIONS);
  });

  it('of several events of one key in a batch reacts to the last', async () => {
    const customerId = idOf('a');
    const ended = event(profileEvents.StrategicDesignationEnded, {
      customerId,
      designationId: idOf('designation'),
    });
    const both = await world.given(streamName('customer', customerId), ended, ended);
    const { seen } = run();
    await caughtUp(both[1]!.position);
    expect(seen).toEqual([both[1]!.id]);
  });

  it('to imported history acts with the origin of its cause', async () => {
    const cause = await trigger('a');
    const ledger = world.ledger();
    const asImported: Ledger = {
      record: (request) => ledger.record(request),
      readStream: (stream, from) => ledger.readStream(stream, from),
      readLast: (stream) => ledger.readLast(stream),
      async *follow(after, signal) {
        for await (const events of ledger.follow(after, signal))
          yield events.map((each) => ({ ...each, origin: 'import' as const }));
      },
      head: () => ledger.head(),
    };
    run({ runtime: world.runtime({ ledger: asImported }) });
    await caughtUp(cause.position);
    expect((await counted()).map(({ origin }) => origin)).toEqual(['import']);
  });
});
