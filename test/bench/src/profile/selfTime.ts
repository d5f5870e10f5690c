import { markdownTable } from '../report/markdownTable.ts';

/** The part of V8's .cpuprofile format that is read here. Times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly place: string;
  readonly ms: number;
  /** Of all the time in which the thread did something, 0 to 1. */
  readonly share: number;
}

const NOT_WORK = new Set(['(idle)', '(program)', '(root)']);

/** Functions by the time spent in themselves, the longest first; time in which the thread was idle is left out. */
export function selfTimes(profile: CpuProfile): SelfTime[] {
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const microseconds = new Map<string, number>();
  profile.samples.forEach((node, i) => {
    const place = places.get(node);
    if (place === undefined || NOT_WORK.has(place)) return;
    microseconds.set(place, (microseconds.get(place) ?? 0) + (profile.timeDeltas[i] ?? 0));
  });
  const busy = [...microseconds.values()].reduce((sum, value) => sum + value, 0);
  return [...microseconds]
    .map(([place, value]) => ({ place, ms: value / 1000, share: value / busy }))
    .toSorted((a, b) => b.ms - a.ms);
}

export function selfTimeTable(times: readonly SelfTime[], rows = 20): string {
  return markdownTable(
    ['function', 'self ms', 'share'],
    times
      .slice(0, rows)
      .map(({ place, ms, share }) => [place, ms.toFixed(0), `${(100 * share).toFixed(1)} %`]),
  );
}

function placeOf(frame: CpuProfile['nodes'][number]['callFrame']): string {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
  if (frame.url === '') return name;
  const path = frame.url.replace(/^file:\/\//, '').replace(/^.*\/(node_modules|libs|services)\//, '$1/');
  return `${name} ${path.replace(/^node_modules\//, '')}:${frame.lineNumber + 1}`;
}
