import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  commandIdOfReaction,
  event,
  profileEvents,
  streamName,
  type RecordedEvent,
} from '@rapport/contracts';
import { ReactionRunner, type Ledger, type Reaction, type ServiceRuntime } from '@rapport/event-sourcing';
import { eventually } from '@rapport/platform/testing';
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
  const waiting = async () => {
    const { parked = [] } = (await world.stream(POSITIONS)).at(-1)!.data as { parked?: { key: string }[] };
    return parked.map(({ key }) => key);
  };
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
    let failures = 3;
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

  it('parks a key that keeps failing, lets others go on, and takes it up at the next start', async () => {
    const poison = await trigger('a');
    let broken = true;
    const { runner } = run({
      failsFor: (cause) => {
        if (broken && cause.id === poison.id) throw new RangeError('a name that must not be told');
      },
    });
    const other = await trigger('b');
    await caughtUp(other.position);
    expect((await counted()).map(({ causationId }) => causationId)).toEqual([other.id]);
    expect(world.alerts).toContainEqual({
      alert: 'reaction parked',
      facts: { reaction: 'count-designations', stream: poison.stream, reason: 'RangeError' },
    });
    // Whatever comes later says again who waits: the last position alone is enough to go on from.
    const third = await trigger('c');
    await caughtUp(third.position);
    expect(await waiting()).toEqual([poison.stream]);
    await runner.stop();
    broken = false;
    run();
    await eventually(async () =>
      expect((await counted()).map(({ causationId }) => causationId)).toEqual([
        other.id,
        third.id,
        poison.id,
      ]),
    );
    await eventually(async () => expect(await waiting()).toEqual([]));
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
