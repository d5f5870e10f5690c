import { expect, it } from '@jest/globals';
import { Problem } from '@rapport/platform';
import { settled, Watched } from '@rapport/platform/testing';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { Sweep } from './sweep.ts';
import type { WaitingPage, WaitingPlace } from './waitingPlace.ts';

const STANDS_STILL = 'follower stands still: sweeper deadline sweep';
const GOES_ON = 'follower goes on: sweeper deadline sweep';
const NOTHING: WaitingPage<string> = { items: [], stale: false };

/** A sweep over a place that answers as a test says, in the time in which it is watched. */
function sweeping(page: () => Promise<WaitingPage<string>>, settle: () => Promise<number> = async () => 0) {
  const watched = new Watched();
  const { followers, time } = watched;
  const runtime = {
    followers,
    clock: { now: () => Date.parse('2026-03-10T02:00:00.000Z') + time.now() },
    timers: time,
    alert: () => undefined,
    deadlines: { commandsUnderWay: 0 },
  } as unknown as ServiceRuntime;
  const park = async () => 0;
  const place: WaitingPlace<string> = { name: 'deadline sweep', idOf: (id) => id, page, settle, park };
  const sweep = new Sweep(runtime, place);
  sweep.start();
  const stop = async () => {
    await followers.stop();
    await sweep.stop();
  };
  return { watched, stop };
}

it('no silent stall: a stalled sweeper whose view hangs is told within a minute, and told when it goes on', async () => {
  let answer: (page: WaitingPage<string>) => void = () => undefined;
  let hangs = true;
  const { watched, stop } = sweeping(() =>
    hangs ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(NOTHING),
  );
  await settled();
  await watched.aMinute();
  expect(watched.told).toEqual([STANDS_STILL]);
  hangs = false;
  answer(NOTHING);
  await settled();
  await watched.aLook();
  expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  await stop();
});

it('no silent stall: a stalled sweeper that tries in vain is told', async () => {
  let tries = 0;
  const { watched, stop } = sweeping(() => {
    tries += 1;
    throw new Problem({ kind: 'unavailable', detail: 'away' });
  });
  await watched.aMinute();
  expect(tries).toBeGreaterThan(3);
  expect(watched.told).toEqual([STANDS_STILL]);
  await stop();
});

it('no silent stall: a sweep through a long backlog goes on with each that is settled', async () => {
  const items = Array.from({ length: 1_000 }, (_, n) => `due ${n}`);
  const underWay: (() => void)[] = [];
  let ends = false;
  const settle = async () => {
    if (!ends) await new Promise<void>((resolve) => underWay.push(resolve));
    return 0;
  };
  const { watched, stop } = sweeping(async () => ({ items, stale: true }), settle);
  watched.followers.start();
  for (let look = 0; look < 20; look += 1) {
    await watched.aLook();
    underWay.shift()!();
    await settled();
  }
  expect(watched.told).toEqual([]);
  expect(watched.followers.status()).toMatchObject([{ distance: 1 }]);
  ends = true;
  for (const end of underWay) end();
  await stop();
});
