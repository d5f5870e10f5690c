import { expect, it } from '@jest/globals';
import type { SystemSample } from '../samples/sampler.ts';
import { findLeaks } from './findLeaks.ts';

const MB = 1024 * 1024;

interface Given {
  /** What the process holds, by the minute of its life. */
  readonly heap: (minute: number) => number;
  readonly caches?: (minute: number) => number;
  readonly killedAt?: readonly number[];
}

/** A run of 40 minutes with a look at rest each minute. */
function run({ heap, caches = () => 0, killedAt = [] }: Given): readonly SystemSample[] {
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
          metrics: { 'rapport_cache_bytes{cache="tokens"}': caches(at - began) },
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
  expect(leaks(run({ heap: (minute) => 60 * MB + minute * MB }), 7)).toEqual(['tickets heap']);
});

it('growth that ends while a process is warming up is no leak', () => {
  const growing = run({ heap: (minute) => 60 * MB + Math.min(minute, 6) * 5 * MB });
  expect(leaks(growing, 7)).toEqual([]);
});

it('caches that fill are no leak, also where their estimate is a third too small; a leak beside them is', () => {
  const caches = (minute: number): number => Math.min(minute, 25) * MB;
  const filling = run({ caches, heap: (minute) => 60 * MB + 1.4 * caches(minute) });
  expect(leaks(filling, 2)).toEqual([]);
  const leaking = run({ caches, heap: (minute) => 60 * MB + 1.4 * caches(minute) + minute * MB });
  expect(leaks(leaking, 2)).toEqual(['tickets heap']);
});

it('a leak is seen although the process is killed now and then, and restarts hide it from a look at the whole', () => {
  const killed = run({ heap: (minute) => 60 * MB + minute * MB, killedAt: [10, 22] });
  expect(leaks(killed, 2)).toEqual(['tickets heap']);
});

it('what is tolerated would fill what is left in thirty days', () => {
  const heap = findLeaks(run({ heap: () => 60 * MB }), 0).find(({ resource }) => resource === 'heap')!;
  expect(heap.tolerated * 30 * 24 * 60).toBeCloseTo(2_000 * MB - heap.last, -3);
});
