import { totalmem } from 'node:os';
import type { SystemSample, ProcessSample } from '../samples/sampler.ts';
import { FEWEST_SAMPLES, leakIn, type LeakFinding } from './leak.ts';
import type { Lives, Sample } from './series.ts';
import { medianSlope, pairwiseSlopes } from './theilSen.ts';

/** For how long a process must do without a restart: longer than from one release to the next. */
const HORIZON_MINUTES = 30 * 24 * 60;
/** Probability that a run without any leak names one, in all its series together. */
const FALSE_ALARM = 0.01;
/** What caches hold is an estimate, which test/e2e/src/cacheBytes.int.spec.ts holds within a factor of 1.5. */
const ESTIMATE_ERROR = 0.5;
/** Caches are full where they hold as much of the most that they held in that life. */
const FULL = 0.95;
/** Threads that one process may have, where nothing says otherwise. */
const MOST_THREADS = 1_024;

/** What is looked at of each process at rest. */
interface Resource {
  readonly name: string;
  readonly unit: 'bytes' | 'count';
  readonly of: (sample: ProcessSample) => number | undefined;
  /** What caches hold stands in it. */
  readonly holdsCaches?: boolean;
  /** How far it may grow. */
  readonly limit: (sample: ProcessSample) => number;
}

const RESOURCES: readonly Resource[] = [
  {
    name: 'heap',
    unit: 'bytes',
    of: ({ collected }) => collected?.heapUsed,
    holdsCaches: true,
    limit: ({ collected }) => collected!.heapLimit,
  },
  {
    name: 'outside the heap',
    unit: 'bytes',
    of: ({ collected }) => collected?.external,
    limit: ({ collected }) => collected!.heapLimit,
  },
  {
    // The kernel's figure for the whole process: it also knows of threads, SQLite and fragments. Engines have the machine.
    name: 'resident',
    unit: 'bytes',
    of: ({ proc }) => proc.resident,
    holdsCaches: true,
    limit: ({ collected, proc }) =>
      collected === undefined ? totalmem() : collected.heapLimit + proc.resident,
  },
  { name: 'handles', unit: 'count', of: ({ proc }) => proc.handles, limit: ({ proc }) => proc.mostHandles },
  { name: 'threads', unit: 'count', of: ({ proc }) => proc.threads, limit: () => MOST_THREADS },
];

/** One resource of one process over the run. */
export interface ResourceFinding {
  readonly process: string;
  readonly resource: string;
  readonly unit: 'bytes' | 'count';
  /** The last value at rest. */
  readonly last: number;
  /** Growth a minute that would fill what is left in thirty days. */
  readonly tolerated: number;
  readonly finding: LeakFinding;
}

/**
 * Tests every resource of every process for a leak. What caches hold is taken off memory: they fill for as long as they are
 * not full, and that is no leak. How wrong their estimate may be is tolerated besides.
 *
 * @param warmUp minutes of each life that say nothing
 */
export function findLeaks(samples: readonly SystemSample[], warmUp: number): readonly ResourceFinding[] {
  const names = [...new Set(samples.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  const asked = names.flatMap((process) => {
    const lives = livesOf(samples, process, warmUp);
    return RESOURCES.flatMap((resource) => {
      const last = lives.at(-1)?.at(-1)?.sample;
      const value = last && resource.of(last);
      return value === undefined
        ? []
        : [{ process, resource, lives, last: value, limit: resource.limit(last!) }];
    });
  });
  return asked.map(({ process, resource: { name, unit, of, holdsCaches }, lives, last, limit }) => {
    const caches = holdsCaches === true ? seriesOf(lives, cacheBytes) : [];
    const filling = caches.length === 0 ? 0 : Math.max(0, slopeOf(caches));
    const tolerated = Math.max(0, limit - last) / HORIZON_MINUTES + ESTIMATE_ERROR * filling;
    const series = seriesOf(lives, (sample) => {
      const value = of(sample);
      return value === undefined || holdsCaches !== true ? value : value - cacheBytes(sample);
    });
    const finding = leakIn(series, { tolerated, falseAlarm: FALSE_ALARM / asked.length });
    return { process, resource: name, unit, last, tolerated, finding };
  });
}

interface At {
  readonly at: number;
  readonly sample: ProcessSample;
}

/** Samples at rest of each life, without its first minutes: until its caches are full, where enough are left then. */
function livesOf(
  samples: readonly SystemSample[],
  process: string,
  warmUp: number,
): readonly (readonly At[])[] {
  const lives = new Map<number, At[]>();
  const began = new Map<number, number>();
  for (const { at, atRest, processes } of samples) {
    const sample = processes.find(({ name }) => name === process);
    if (sample === undefined) continue;
    if (!began.has(sample.life)) began.set(sample.life, at);
    if (!atRest || at - began.get(sample.life)! < warmUp) continue;
    lives.set(sample.life, [...(lives.get(sample.life) ?? []), { at, sample }]);
  }
  return [...lives.values()].map(fromFullCaches);
}

function fromFullCaches(life: readonly At[]): readonly At[] {
  const most = Math.max(...life.map(({ sample }) => cacheBytes(sample)));
  const full = life.findIndex(({ sample }) => cacheBytes(sample) >= FULL * most);
  return life.length - full >= FEWEST_SAMPLES ? life.slice(full) : life;
}

function seriesOf(
  lives: readonly (readonly At[])[],
  value: (sample: ProcessSample) => number | undefined,
): Lives {
  return lives.map((life) =>
    life.flatMap(({ at, sample }): Sample[] => {
      const found = value(sample);
      return found === undefined ? [] : [{ at, value: found }];
    }),
  );
}

function slopeOf(lives: Lives): number {
  const slopes = pairwiseSlopes(lives);
  return slopes.length === 0 ? 0 : medianSlope(slopes);
}

/** What the caches of a process hold, as it tells. */
export function cacheBytes({ metrics }: ProcessSample): number {
  return Object.entries(metrics).reduce(
    (sum, [name, bytes]) => sum + (name.startsWith('rapport_cache_bytes') ? bytes : 0),
    0,
  );
}
