import { describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '@rapport/views';
import { FaultyStore, settled, VirtualTime } from '@rapport/views/testing';
import { Views } from '../queries/views.ts';
import { virtualRuntime } from '../testing/virtualRuntime.ts';

/** @returns what was told in two minutes in which each beat of a lease takes half a minute, as in a process that is slow */
async function toldWhereBeatsAreSlow(soleOwner: boolean): Promise<readonly string[]> {
  const time = new VirtualTime();
  const alerts: string[] = [];
  const store = new FaultyStore(new MemoryViewStore(), async (operation, perform) => {
    if (operation === 'control.beat') await time.sleep(30_000);
    return perform();
  });
  const alert = (what: string) => void alerts.push(what);
  const views = new Views(virtualRuntime(time, { views: store, soleOwner, alert }));
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
