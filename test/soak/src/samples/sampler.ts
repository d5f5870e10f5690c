import { appendFileSync } from 'node:fs';
import { systemTimers } from '@rapport/platform';
import type { Form, FormProcess } from '../forms/form.ts';
import type { Killer } from '../forms/killer.ts';
import { diskSizes } from './diskSizes.ts';
import { collectedMemory, type CollectedMemory } from './inspector.ts';
import { procFigures, type ProcFigures } from './procFiles.ts';
import { parseMetrics, type Metrics } from './prometheusText.ts';

/** One process at one moment. */
export interface ProcessSample {
  readonly name: string;
  /** Which of its lives, from 0. */
  readonly life: number;
  readonly proc: ProcFigures;
  readonly metrics: Metrics;
  /** After a garbage collection; of samples at rest only. */
  readonly collected?: CollectedMemory;
}

/** Everything at one moment. */
export interface SystemSample {
  /** Minutes since the run began. */
  readonly at: number;
  /** Taken while nothing was asked of the product, and all that waited had been done. */
  readonly atRest: boolean;
  readonly processes: readonly ProcessSample[];
  /** Bytes by what they belong to. */
  readonly disk: Readonly<Record<string, number>>;
  /** Requests of the load that were under way. */
  readonly underWay: number;
}

const METRICS_PATIENCE_MS = 4_000;

/** Looks at all processes now and then, and writes what it sees into a file. */
export class Sampler {
  readonly samples: SystemSample[] = [];

  constructor(
    private readonly form: Form,
    private readonly killer: Killer,
    private readonly minutes: () => number,
    private readonly underWay: () => number,
    private readonly file: string,
  ) {}

  /** Samples every `everyMs` until aborted. */
  async run(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.take(false);
      await systemTimers.sleep(everyMs, signal).catch(() => undefined);
    }
  }

  /** @param atRest also collects garbage, and reads what is left */
  async take(atRest: boolean): Promise<SystemSample> {
    const at = this.minutes();
    const found = await Promise.all(this.form.processes.map((one) => this.look(one, atRest)));
    const processes = found.flatMap((sample) => sample ?? []);
    const sample: SystemSample = {
      at,
      atRest,
      processes,
      disk: Object.fromEntries(diskSizes(this.form.folder)),
      underWay: this.underWay(),
    };
    this.samples.push(sample);
    appendFileSync(this.file, `${JSON.stringify(sample)}\n`);
    return sample;
  }

  private async look(
    { name, process, metricsUrl }: FormProcess,
    atRest: boolean,
  ): Promise<ProcessSample | undefined> {
    if (!process.running) return undefined;
    const { pid } = process;
    const life = this.killer.lifeOf(name);
    const proc = procFigures(pid);
    if (proc === undefined) return undefined;
    const metrics = metricsUrl === undefined ? {} : await metricsOf(metricsUrl);
    if (!atRest || metricsUrl === undefined) return { name, life, proc, metrics };
    const collected = await collectedMemory(pid, () => process.words());
    // Resident memory falls with the garbage.
    return { name, life, proc: procFigures(pid) ?? proc, metrics, collected };
  }
}

/** Nothing where it does not answer: it is being killed, or starts. */
async function metricsOf(url: string): Promise<Metrics> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(METRICS_PATIENCE_MS) });
    return response.ok ? parseMetrics(await response.text()) : {};
  } catch {
    return {};
  }
}
