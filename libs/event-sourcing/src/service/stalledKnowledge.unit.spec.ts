import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadEvent } from '@rapport/contracts';
import { systemTimers, type Timers } from '@rapport/platform';
import { eventually, settled, Watched } from '@rapport/platform/testing';
import { LogFollower, type FollowedLog, type Observe } from './logFollower.ts';

const promptTimers: Timers = { ...systemTimers, sleep: (_ms, signal) => systemTimers.sleep(0, signal) };
const STANDS_STILL = 'follower stands still: knowledge tickets';
const GOES_ON = 'follower goes on: knowledge tickets';

/** A log whose events are of streams that are followed, or of others. */
class Log implements FollowedLog {
  readonly events: ReadEvent[] = [];
  hangs = false;
  private wake: () => void = () => undefined;

  append(category: string): void {
    const position = this.events.length;
    this.events.push({ stream: `${category}-1`, position, index: position, revision: 0 } as ReadEvent);
    this.wake();
  }

  goOn(): void {
    this.hangs = false;
    this.wake();
  }

  async *follow(
    after: number,
    signal: AbortSignal,
    categories: readonly string[] = [],
    looked: (position: number) => void = () => undefined,
  ): AsyncIterable<readonly ReadEvent[]> {
    for (let at = after; !signal.aborted;) {
      const batch = this.hangs ? [] : this.events.slice(at + 1);
      if (batch.length === 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        continue;
      }
      at = batch.at(-1)!.position;
      const wanted = batch.filter(({ stream }) => categories.some((one) => stream.startsWith(`${one}-`)));
      if (wanted.length > 0) yield wanted;
      looked(at);
    }
  }

  async head() {
    return { position: this.events.length - 1, index: this.events.length - 1 };
  }
}

describe('no silent stall: a stalled knowledge', () => {
  let log: Log;
  let watched: Watched;
  let follower: LogFollower | undefined;

  beforeEach(() => {
    log = new Log();
    watched = new Watched();
  });

  afterEach(async () => {
    await watched.followers.stop();
    log.goOn();
    await follower?.stop();
  });

  async function follow(observe: Observe): Promise<void> {
    const { followers } = watched;
    follower = new LogFollower(
      log,
      promptTimers,
      [observe],
      { failed: () => undefined },
      { followers, kind: 'knowledge', name: 'tickets', categories: ['customer'] },
    );
    await follower.start();
  }

  it('of a log that brings nothing is told within a minute, and told when it goes on', async () => {
    await follow(() => undefined);
    log.append('customer');
    await settled();
    await watched.aMinute();
    log.hangs = true;
    log.append('customer');
    log.append('purchases');
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    expect(watched.followers.status()).toMatchObject([{ distance: 2, standsStill: true }]);
    log.goOn();
    await settled();
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
    expect(watched.followers.status()).toMatchObject([{ distance: 0, standsStill: false }]);
  });

  it('whose batch fails, try after try, is told: trying is no progress', async () => {
    let [fails, tries, taken] = [true, 0, 0];
    await follow(async () => {
      tries += 1;
      if (!fails) taken += 1;
      else throw new Error('the store is unavailable');
    });
    log.append('customer');
    await watched.aMinute();
    await eventually(() => expect(tries).toBeGreaterThan(3));
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL]);
    fails = false;
    await eventually(() => expect(taken).toBe(1));
    await settled();
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
    await follower!.stop();
    expect(watched.followers.status()).toEqual([]);
  });

  it('none is told where nothing of its streams was recorded, whatever else was', async () => {
    await follow(() => undefined);
    for (let minute = 0; minute < 5; minute += 1) {
      for (let n = 0; n < 10; n += 1) log.append('ticket');
      await settled();
      await watched.aMinute();
    }
    expect(watched.told).toEqual([]);
    expect(watched.followers.status()).toMatchObject([{ distance: 0, oldestWaitingMs: 0 }]);
  });
});
