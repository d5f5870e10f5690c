import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName, type RecordedEvent } from '@rapport/contracts';
import { ReactionRunner } from '@rapport/event-sourcing';
import { Problem } from '@rapport/platform';
import { eventually, Watched } from '@rapport/platform/testing';
import { idOf, World } from './harness/world.ts';

const { type } = profileEvents.StrategicDesignationEnded;
const STANDS_STILL = 'follower stands still: reaction note-designations';
const GOES_ON = 'follower goes on: reaction note-designations';

describe('no silent stall: a stalled reaction', () => {
  let world: World;
  let watched: Watched;
  let runner: ReactionRunner;
  let release: () => void;

  beforeEach(async () => {
    world = await World.open();
    watched = new Watched();
    release = () => undefined;
  });

  afterEach(async () => {
    await watched.followers.stop();
    release();
    await runner.stop();
    await world.close();
  });

  async function trigger(name: string): Promise<RecordedEvent> {
    const customerId = idOf(name);
    const ended = event(profileEvents.StrategicDesignationEnded, {
      customerId,
      designationId: idOf('designation'),
    });
    return (await world.given(streamName('customer', customerId), ended))[0]!;
  }

  function run(react: (cause: RecordedEvent) => Promise<void>): void {
    runner = new ReactionRunner({ ...world.runtime(), followers: watched.followers }, 'profiles', {
      name: 'note-designations',
      version: 1,
      triggers: [type],
      startsAt: 'first-event',
      key: ({ stream }) => stream,
      react,
    });
    runner.start();
  }

  /** Waits in the reaction's own time, then looks once. */
  async function goesOn(last: RecordedEvent): Promise<void> {
    await runner.caughtUp(last.position);
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  }

  it('that never ends is told within a minute, and told when it goes on', async () => {
    let started = false;
    run(() => {
      started = true;
      return new Promise((resolve) => (release = resolve));
    });
    const last = await trigger('a');
    await eventually(() => expect(started).toBe(true));
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    release();
    await goesOn(last);
  });

  it('that tries again and again what is unavailable is told: trying is no progress', async () => {
    let unavailable = true;
    let tries = 0;
    await trigger('a');
    const last = await trigger('b');
    run(async () => {
      if (!unavailable) return;
      tries += 1;
      throw new Problem({ kind: 'unavailable', detail: 'The ledger does not answer.' });
    });
    await eventually(() => expect(tries).toBeGreaterThan(2));
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    unavailable = false;
    await goesOn(last);
  });

  it('whose poison is parked does not stand still: there is nothing that it could do', async () => {
    const poison = await trigger('a');
    run(async ({ id }) => {
      if (id === poison.id) throw new TypeError('cannot be reacted to');
    });
    const last = await trigger('b');
    await runner.caughtUp(last.position);
    await watched.aMinute();
    await watched.aMinute();
    expect(watched.told).toEqual([]);
  });
});
