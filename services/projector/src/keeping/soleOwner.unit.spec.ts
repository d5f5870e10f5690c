import { describe, expect, it } from '@jest/globals';
import { systemClock, systemRandom } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { MemoryViewStore } from '@rapport/views';
import { ArrayLog, FaultyStore, settled, VirtualTime } from '@rapport/views/testing';
import { Views } from '../queries/views.ts';

const LOG = '0f5a7f6e-0000-7000-8000-000000000001';

/** @returns what was told in two minutes in which each beat of a lease takes half a minute, as in a process that is slow */
async function toldWhereBeatsAreSlow(soleOwner: boolean): Promise<readonly string[]> {
  const time = new VirtualTime();
  const alerts: string[] = [];
  const views = new Views({
    log: new ArrayLog(LOG),
    views: new FaultyStore(new MemoryViewStore(), async (operation, perform) => {
      if (operation === 'control.beat') await time.sleep(30_000);
      return perform();
    }),
    readStream: async () => [],
    opener: { open: (event) => event },
    reveal: async (body) => body,
    cursorKey: new Uint8Array(32),
    clock: systemClock,
    monotonic: time,
    timers: time,
    followers: unwatched(),
    random: systemRandom,
    caches: testCaches(),
    soleOwner,
    alert: (alert) => void alerts.push(alert),
  });
  const passing = async (happening: Promise<unknown>): Promise<void> => {
    let over = false;
    const end = (): void => void (over = true);
    happening.then(end, end);
    for (await settled(); !over; await settled()) await time.pass(50);
  };
  await passing(views.onApplicationBootstrap());
  for (let seconds = 0; seconds < 120; seconds += 5) {
    await time.pass(5_000);
    await settled();
  }
  await passing(views.onApplicationShutdown());
  return alerts;
}

describe('a process that is slow, and whose lease runs out', () => {
  it('goes on where nobody else can have the projections: standalone fences itself never', async () => {
    expect(await toldWhereBeatsAreSlow(true)).toEqual([]);
  });

  it('lets go where another replica may have claimed them', async () => {
    expect(await toldWhereBeatsAreSlow(false)).toContain('projection fenced');
  });
});
