import { expect, it } from '@jest/globals';
import type { SystemSample } from '../samples/sampler.ts';
import { findLeaks } from './findLeaks.ts';

const MB = 1024 * 1024;

/** A run of 40 minutes with a look at rest each minute; `heap` says what a process holds after its `life` began. */
function run(
  heap: (minuteOfLife: number) => number,
  killedAt: readonly number[] = [],
): readonly SystemSample[] {
  return Array.from({ length: 40 }, (_, at) => {
    const began = killedAt.findLast((minute) => minute <= at) ?? 0;
    const wobble = ((at * 7) % 5) * 20_000;
    return {
      at,
      atRest: true,
      disk: {},
      underWay: 0,
      processes: [
        {
          name: 'tickets',
          life: killedAt.filter((minute) => minute <= at).length,
          proc: { resident: 200 * MB + wobble, threads: 11, handles: 30, mostHandles: 1_024 },
          metrics: {},
          collected: { heapUsed: heap(at - began) + wobble, external: 5 * MB, heapLimit: 2_000 * MB },
        },
      ],
    };
  });
}

const leaks = (samples: readonly SystemSample[], warmUp: number): readonly string[] =>
  findLeaks(samples, warmUp).flatMap(({ process, resource, finding }) =>
    finding.verdict === 'leak' ? [`${process} ${resource}`] : [],
  );

it('a leak is named by process and resource, and nothing else is', () => {
  expect(
    leaks(
      run((minute) => 60 * MB + minute * MB),
      7,
    ),
  ).toEqual(['tickets heap']);
});

it('caches that fill while a process is warming up are no leak', () => {
  const filling = run((minute) => 60 * MB + Math.min(minute, 7) * 5 * MB);
  expect(leaks(filling, 7)).toEqual([]);
  expect(leaks(filling, 0)).toEqual([]);
});

it('a leak is seen although the process is killed now and then, and its restarts hide it from a look at the whole', () => {
  const killed = run((minute) => 60 * MB + minute * MB, [10, 22]);
  expect(leaks(killed, 2)).toEqual(['tickets heap']);
});

it('what is tolerated would fill what is left in thirty days', () => {
  const heap = findLeaks(
    run(() => 60 * MB),
    0,
  ).find(({ resource }) => resource === 'heap')!;
  expect(heap.tolerated * 30 * 24 * 60).toBeCloseTo(2_000 * MB - heap.last, -3);
});
