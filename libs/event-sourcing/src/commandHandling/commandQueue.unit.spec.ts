import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommandQueue, streamBacklog } from './commandQueue.ts';

const UNAVAILABLE = { kind: 'unavailable', details: { retryAfter: 1 } };

/** A command that a test lets go. */
function held(): { command: () => Promise<void>; go: () => void; begun: () => boolean } {
  let began = false;
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  return {
    command: () => {
      began = true;
      return gone;
    },
    go,
    begun: () => began,
  };
}

describe('commands that wait for their stream', () => {
  it('run one after the other in order, also after failures, those of other streams side by side', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean()), { maxLength: 12 }),
        async (scheduler, commands) => {
          const queue = new CommandQueue(streamBacklog());
          const running = new Set<string>();
          const done: Record<string, number[]> = { a: [], b: [] };
          const results = commands.map(([stream, fails], n) =>
            queue.run(stream, undefined, async () => {
              expect(running.has(stream)).toBe(false);
              running.add(stream);
              await scheduler.schedule(Promise.resolve());
              running.delete(stream);
              done[stream]!.push(n);
              if (fails) throw new Error(`command ${n}`);
            }),
          );
          const settled = Promise.allSettled(results);
          await scheduler.waitFor(settled);
          expect((await settled).map(({ status }) => status === 'rejected')).toEqual(
            commands.map(([, fails]) => fails),
          );
          for (const order of Object.values(done)) expect(order).toEqual([...order].sort((x, y) => x - y));
        },
      ),
    );
  });

  it('are refused where too many wait for one stream; those of another are not', async () => {
    const backlog = streamBacklog();
    const queue = new CommandQueue(backlog, 2);
    const first = held();
    const waiting = [first.command, async () => undefined, async () => undefined].map((command) =>
      queue.run('a', undefined, command),
    );
    await expect(queue.run('a', undefined, async () => undefined)).rejects.toMatchObject(UNAVAILABLE);
    await queue.run('b', undefined, async () => undefined);
    expect(backlog).toMatchObject({ waiting: 2, refused: 1 });
    first.go();
    await Promise.all(waiting);
    expect(backlog.waiting).toBe(0);
    await queue.run('a', undefined, async () => undefined);
  });

  it('are refused where too many wait in the process', async () => {
    const backlog = streamBacklog(1);
    const [queue, other] = [new CommandQueue(backlog), new CommandQueue(backlog)];
    const [first, second] = [held(), held()];
    const begun = [queue.run('a', undefined, first.command), other.run('b', undefined, second.command)];
    const waits = queue.run('a', undefined, async () => 'its turn');
    await expect(other.run('b', undefined, async () => undefined)).rejects.toMatchObject(UNAVAILABLE);
    first.go();
    second.go();
    await Promise.all(begun);
    expect(await waits).toBe('its turn');
    expect(await other.run('b', undefined, async () => 'free again')).toBe('free again');
  });

  it('are not begun where nobody waits for them any more; the next one is', async () => {
    const backlog = streamBacklog();
    const queue = new CommandQueue(backlog);
    const [first, gone] = [held(), held()];
    let there = true;
    const begun = queue.run('a', undefined, first.command);
    const left = queue.run('a', () => there, gone.command);
    const next = queue.run(
      'a',
      () => true,
      async () => 'next',
    );
    left.catch(() => undefined);
    there = false;
    first.go();
    await begun;
    await expect(left).rejects.toMatchObject(UNAVAILABLE);
    expect(await next).toBe('next');
    expect(gone.begun()).toBe(false);
    expect(backlog).toMatchObject({ waiting: 0, refused: 0, abandoned: 1 });
  });
});
