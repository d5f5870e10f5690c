import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryMessage } from '@rapport/contracts';
import { systemClock, systemRandom } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { MemoryViewStore } from '@rapport/views';
import { ArrayLog, settled, VirtualTime } from '@rapport/views/testing';
import { testCaches } from '@rapport/platform/testing';
import { Views } from './views.ts';

const LOG = '0f5a7f6e-0000-7000-8000-000000000001';

describe('queries that wait for a position', () => {
  const time = new VirtualTime();
  let views: Views;

  beforeEach(async () => {
    views = new Views({
      log: new ArrayLog(LOG),
      views: new MemoryViewStore(),
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
      soleOwner: true,
      alert: () => undefined,
    });
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
      after: `${LOG}.9007199254740991`,
    } as unknown as QueryMessage;
    for (let n = 0; n < 20; n += 1) {
      const answer = passing(views.answer(['customers'], message, async () => ({ body: {} })));
      expect(await answer).toMatchObject({ stale: true });
    }
    const { waiters } = Reflect.get(views, 'front') as { waiters: ReadonlySet<unknown> };
    expect(waiters.size).toBe(0);
  });
});
