import type { SoakResult } from '../runForm.ts';
import { isWaiting } from '../samples/rest.ts';
import type { ProcessSample, SystemSample } from '../samples/sampler.ts';
import { cacheBytes } from '../trend/findLeaks.ts';
import { lineChart, type ChartLine } from './lineChart.ts';

const MB = 1024 * 1024;

/** A picture and the file that it goes into. */
export interface Picture {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** What happened over time: latencies, memory, handles and threads, queues, disk, caches. */
export function pictures(result: SoakResult): readonly Picture[] {
  const marks = result.kills.map(({ at, process }) => ({
    at,
    name: process === 'standalone' ? 'kill' : process,
  }));
  const { samples } = result;
  const picture = (
    file: string,
    title: string,
    axis: string,
    lines: readonly ChartLine[],
    logarithmic = false,
  ) => ({
    file,
    title,
    svg: lineChart({
      title,
      axis,
      lines: lines.filter(({ points }) => points.length > 0),
      marks,
      logarithmic,
    }),
  });
  const atRest = samples.filter((sample) => sample.atRest);
  return [
    picture('latencies.svg', 'Latency from when a request was due', 'milliseconds', latencies(result), true),
    picture(
      'memory.svg',
      'Resident memory',
      'MB',
      ofProcesses(samples, ({ proc }) => proc.resident / MB),
    ),
    picture(
      'heap.svg',
      'Heap after a garbage collection, at rest',
      'MB',
      ofProcesses(atRest, ({ collected }) => collected && collected.heapUsed / MB),
    ),
    picture(
      'handles.svg',
      'Open handles',
      'handles',
      ofProcesses(samples, ({ proc }) => proc.handles),
    ),
    picture(
      'threads.svg',
      'Threads',
      'threads',
      ofProcesses(samples, ({ proc }) => proc.threads),
    ),
    picture('queues.svg', 'What waits', 'events, requests', queues(samples)),
    picture('caches.svg', 'What all caches of a process hold', 'MB', ofProcesses(samples, cacheMb)),
    picture('disk.svg', 'Size on disk', 'MB', disk(samples)),
  ];
}

function latencies({ latencies: { slices } }: SoakResult): readonly ChartLine[] {
  return ['command', 'query', 'import'].flatMap((group) =>
    (['p50', 'p99'] as const).map((percentile) => ({
      name: `${group} ${percentile}`,
      points: slices
        .filter(({ kind, at }) => kind === `all ${group}` && at > 0)
        .map((slice) => [slice.at, slice[percentile]] as const),
    })),
  );
}

function ofProcesses(
  samples: readonly SystemSample[],
  value: (sample: ProcessSample) => number | undefined,
): readonly ChartLine[] {
  const names = [...new Set(samples.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  return names.map((name) => ({
    name,
    points: samples.flatMap(({ at, processes }) => {
      const sample = processes.find((one) => one.name === name);
      const found = sample && value(sample);
      return found === undefined ? [] : [[at, found] as const];
    }),
  }));
}

/** The longest of each kind of queue. */
function queues(samples: readonly SystemSample[]): readonly ChartLine[] {
  const lines = new Map<string, (readonly [number, number])[]>();
  const add = (name: string, at: number, value: number): void => {
    lines.set(name, [...(lines.get(name) ?? []), [at, value]]);
  };
  for (const { at, atRest, processes, underWay } of samples) {
    if (atRest) continue;
    add('requests under way', at, underWay);
    const longest = new Map<string, number>();
    for (const { metrics } of processes) {
      for (const entry of Object.entries(metrics).filter(isWaiting)) {
        const name = entry[0].replace(/\{.*/, '').replace(/^rapport_/, '');
        longest.set(name, Math.max(longest.get(name) ?? 0, entry[1]));
      }
    }
    for (const [name, value] of longest) add(name, at, value);
  }
  return [...lines].map(([name, points]) => ({ name, points }));
}

function cacheMb(sample: ProcessSample): number | undefined {
  const held = cacheBytes(sample);
  return held === 0 ? undefined : held / MB;
}

function disk(samples: readonly SystemSample[]): readonly ChartLine[] {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.disk)))];
  const largest = (name: string): number => Math.max(...samples.map((sample) => sample.disk[name] ?? 0));
  return names
    .filter((name) => largest(name) > MB)
    .map((name) => ({
      name,
      points: samples.map((sample) => [sample.at, (sample.disk[name] ?? 0) / MB] as const),
    }));
}
