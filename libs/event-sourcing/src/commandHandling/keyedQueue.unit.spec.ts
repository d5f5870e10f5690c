import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyedQueue } from './keyedQueue.ts';

describe('a queue by key', () => {
  it('runs tasks of one key one after the other in order, also after failures, those of others side by side', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean()), { maxLength: 12 }),
        async (scheduler, tasks) => {
          const queue = new KeyedQueue();
          const running = new Set<string>();
          const done: [string, number][] = [];
          const results = tasks.map(([key, fails], n) =>
            queue.run(key, async () => {
              expect(running.has(key)).toBe(false);
              running.add(key);
              await scheduler.schedule(Promise.resolve());
              running.delete(key);
              done.push([key, n]);
              if (fails) throw new Error(`task ${n}`);
              return n;
            }),
          );
          const settled = Promise.allSettled(results);
          await scheduler.waitFor(settled);
          for (const [n, outcome] of (await settled).entries()) {
            expect(outcome.status).toBe(tasks[n]![1] ? 'rejected' : 'fulfilled');
          }
          for (const key of ['a', 'b']) {
            const order = done.filter(([of]) => of === key).map(([, n]) => n);
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lets another key go on while one waits', async () => {
    const queue = new KeyedQueue();
    let release = (): void => undefined;
    const waiting = queue.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    await expect(queue.run('b', async () => 'done')).resolves.toBe('done');
    release();
    await waiting;
  });
});
