import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { settled, Watched } from '@rapport/platform/testing';
import { MemoryViewStore, ViewStoreError, type ViewVersions } from '@rapport/views';
import { ArrayLog, FaultyStore } from '@rapport/views/testing';
import { Replica } from '../testing/replica.ts';

const STANDS_STILL = 'follower stands still: sweeper view-versions';
const GOES_ON = 'follower goes on: sweeper view-versions';

/** A store that a test can keep from saying which versions there are. */
class VersionsHeld extends FaultyStore {
  meets: () => Promise<unknown> = async () => undefined;

  constructor() {
    super(new MemoryViewStore(), (_operation, perform) => perform());
  }

  override async versions(view: string): Promise<ViewVersions> {
    await this.meets();
    return super.versions(view);
  }
}

describe('no silent stall: a stalled sweeper', () => {
  let store: VersionsHeld;
  let watched: Watched;
  let replica: Replica;
  let answer: (nothing?: unknown) => void;

  beforeEach(async () => {
    store = new VersionsHeld();
    watched = new Watched();
    answer = () => undefined;
    replica = new Replica(new ArrayLog(), store, watched.followers);
    await passing(replica.kept.start());
    await watched.aMinute();
    expect(watched.told).toEqual([]);
  });

  afterEach(async () => {
    await watched.followers.stop();
    store.meets = async () => undefined;
    answer();
    await passing(replica.kept.stop());
  });

  async function passing(happening: Promise<unknown>): Promise<void> {
    let over = false;
    void happening.then(() => (over = true));
    for (await settled(); !over; await settled()) await replica.time.pass(50);
  }

  async function expectStalled(): Promise<void> {
    await replica.time.pass(20_000);
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
  }

  async function expectGoesOn(): Promise<void> {
    store.meets = async () => undefined;
    await replica.time.pass(20_000);
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  }

  it('of views’ versions whose store hangs is told within a minute, and told when it goes on', async () => {
    const held = new Promise((resolve) => (answer = resolve));
    store.meets = () => held;
    await expectStalled();
    answer();
    await expectGoesOn();
  });

  it('of views’ versions whose store refuses, try after try, is told too', async () => {
    let tries = 0;
    store.meets = async () => {
      tries += 1;
      throw new ViewStoreError('unavailable', 'away');
    };
    await expectStalled();
    expect(tries).toBeGreaterThan(1);
    await expectGoesOn();
  });
});
