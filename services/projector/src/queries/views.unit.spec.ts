import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryMessage } from '@rapport/contracts';
import { settled, VirtualTime } from '@rapport/views/testing';
import { LOG_ID, virtualRuntime } from '../testing/virtualRuntime.ts';
import { Views } from './views.ts';

describe('queries that wait for a position', () => {
  const time = new VirtualTime();
  let views: Views;

  beforeEach(async () => {
    views = new Views(virtualRuntime(time, { soleOwner: true }));
    await passing(views.onApplicationBootstrap());
  });

  afterEach(() => passing(views.onApplicationShutdown()));

  async function passing<T>(happening: Promise<T>): Promise<T> {
    let over = false;
    const end = (): void => void (over = true);
    happening.then(end, end);
    for (await settled(); !over; await settled()) await time.pass(50);
    return happening;
  }

  it('leave nothing behind when they were answered as stale: anyone may name a position that never comes', async () => {
    const message = {
      parameters: {},
      actor: { id: 'someone', roles: ['manager'] },
      after: `${LOG_ID}.9007199254740991`,
    } as unknown as QueryMessage;
    for (let n = 0; n < 20; n += 1) {
      const answer = passing(views.answer(['customers'], message, async () => ({ body: {} })));
      expect(await answer).toMatchObject({ stale: true });
    }
    const { waiters } = Reflect.get(views, 'front') as { waiters: ReadonlySet<unknown> };
    expect(waiters.size).toBe(0);
  });
});
