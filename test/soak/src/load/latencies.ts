import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** What one histogram says, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles of one kind, or group, in one slice of time. */
export interface LatencySlice extends Percentiles {
  /** Minutes since the run began at which it begins. */
  readonly at: number;
  readonly kind: string;
}

/** Two significant figures, from 1 µs to 10 minutes: one histogram takes some 20 kB. */
const OPTIONS = { lowest: 1, highest: 600_000_000, figures: 2 } as const;

/** Latencies by kind in HDR histograms (Node's own), for the whole run and in slices. */
export class Latencies {
  readonly slices: LatencySlice[] = [];
  private readonly whole = new Map<string, RecordableHistogram>();
  private readonly slice = new Map<string, RecordableHistogram>();
  private at = 0;

  /** @param kinds all under which it is counted: its own and its group */
  record(ms: number, ...kinds: readonly string[]): void {
    for (const kind of kinds) {
      histogramOf(this.slice, kind).record(Math.max(1, Math.round(ms * 1_000)));
    }
  }

  /** Ends the slice and begins another. @param at minutes since the run began */
  cut(at: number): void {
    for (const [kind, histogram] of this.slice) {
      if (histogram.count === 0) continue;
      this.slices.push({ at: this.at, kind, ...percentilesOf(histogram) });
      histogramOf(this.whole, kind).add(histogram);
      histogram.reset();
    }
    this.at = at;
  }

  /** Of the whole run, up to the last cut; kinds by their name. */
  get total(): ReadonlyMap<string, Percentiles> {
    const kinds = [...this.whole.keys()].sort();
    return new Map(kinds.map((kind) => [kind, percentilesOf(this.whole.get(kind)!)]));
  }
}

function histogramOf(histograms: Map<string, RecordableHistogram>, kind: string): RecordableHistogram {
  let histogram = histograms.get(kind);
  if (histogram === undefined) histograms.set(kind, (histogram = createHistogram(OPTIONS)));
  return histogram;
}

function percentilesOf(histogram: RecordableHistogram): Percentiles {
  const ms = (percentile: number): number => histogram.percentile(percentile) / 1_000;
  return { count: histogram.count, p50: ms(50), p90: ms(90), p99: ms(99), max: histogram.max / 1_000 };
}
