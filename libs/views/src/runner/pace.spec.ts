import { describe, expect, it } from '@jest/globals';
import { settled, VirtualTime } from '@rapport/platform/testing';
import { Pace } from './pace.ts';
import { PositionWaiters } from './positionWaiters.ts';

describe('the pace of a projection', () => {
  const setting = (head = 0) => {
    const time = new VirtualTime();
    const waiters = new PositionWaiters(time);
    const log = { head };
    const pace = new Pace(time, waiters, async () => ({ position: log.head }));
    const stopping = new AbortController();
    const rest = async (position: number, events: number): Promise<{ over: boolean }> => {
      const resting = { over: false };
      void pace.rest(position, events, stopping.signal).then(() => (resting.over = true));
      await settled();
      return resting;
    };
    return { time, waiters, log, rest, stopping };
  };

  it('lets events gather for at most 80 ms under load', async () => {
    const { time, rest } = setting();
    const resting = await rest(10, 5_000);
    await time.pass(79);
    expect(resting.over).toBe(false);
    await time.pass(1);
    expect(resting.over).toBe(true);
  });

  it('lets a lone event wait for hardly anything', async () => {
    const { time, rest } = setting();
    const resting = await rest(10, 1);
    await time.pass(1);
    expect(resting.over).toBe(true);
  });

  it('does not pause up to the head that there was after the former pause', async () => {
    const { time, log, rest } = setting();
    log.head = 500;
    await rest(10, 100);
    await time.pass(80);
    expect(await rest(499, 100)).toEqual({ over: true });
    expect(await rest(500, 100)).toEqual({ over: false });
  });

  it('does not pause where somebody waits, nor goes on pausing once somebody does', async () => {
    const { waiters, rest } = setting();
    const resting = await rest(10, 100);
    void waiters.reached(12, 1_000);
    await settled();
    expect(resting.over).toBe(true);
    expect(await rest(11, 100)).toEqual({ over: true });
  });

  it('ends when the projection stops', async () => {
    const { rest, stopping } = setting();
    const resting = await rest(10, 100);
    stopping.abort();
    await settled();
    expect(resting.over).toBe(true);
    expect(await rest(11, 100)).toEqual({ over: true });
  });
});
