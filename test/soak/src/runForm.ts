import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemMonotonicClock } from '@rapport/platform';
import { commit } from '@rapport/test-bench';
import { checkForm, type Check } from './checks/checkForm.ts';
import type { Form } from './forms/form.ts';
import { Killer, type Kill } from './forms/killer.ts';
import type { LoadCounts } from './load/evenLoad.ts';
import type { Latencies } from './load/latencies.ts';
import { startLoad } from './load/startLoad.ts';
import { Seeded } from './mix/seeded.ts';
import { POLICY_CHANGES } from './mix/weights.ts';
import type { SoakOptions } from './options.ts';
import { planFor, type Plan } from './plan.ts';
import { comeToRest } from './samples/rest.ts';
import { Sampler, type SystemSample } from './samples/sampler.ts';
import { Timetable } from './timetable.ts';

const SAMPLE_EVERY_MS = 5_000;
/** Clients side by side while it is measured what is answered at most. */
const CLIENTS = 24;
const WARM_UP_MS = 15_000;
const MEASURE_MS = 15_000;

/** Everything that one run has found. */
export interface SoakResult {
  readonly form: Form['name'];
  /** What was checked out when it began. */
  readonly commit: string;
  readonly plan: Plan;
  /** Requests a second that were answered at most; undefined where the rate was given. */
  readonly most: number | undefined;
  readonly rate: number;
  readonly counts: LoadCounts;
  readonly latencies: Latencies;
  readonly samples: readonly SystemSample[];
  readonly kills: readonly Kill[];
  readonly checks: readonly Check[];
}

/** Loads a form that has just been started, kills its processes, and checks what it leaves behind. */
export async function runForm(
  form: Form,
  options: SoakOptions,
  folder: string,
  tell: (line: string) => void,
): Promise<SoakResult> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const plan = planFor(options.minutes);
  const begunAt = commit();
  const { load, latencies, journal, imports, next, sender } = await startLoad(form, options.seed, folder);

  await load.closedLoop(WARM_UP_MS, CLIENTS);
  const most = options.rate === undefined ? await load.closedLoop(MEASURE_MS, CLIENTS) : undefined;
  const rate = options.rate ?? Math.max(1, Math.round(most! * form.bears));
  tell(
    `${most === undefined ? '' : `${most.toFixed(0)} requests/s answered at most; `}${rate}/s from now on`,
  );
  // What the most has left behind is not part of the even load.
  await comeToRest(form);
  latencies.cut(0);

  const began = systemMonotonicClock.now();
  const minutes = (): number => (systemMonotonicClock.now() - began) / 60_000;
  const killer = new Killer(form, new Seeded(options.seed + 3), minutes);
  const sampler = new Sampler(form, killer, minutes, () => load.waiting, join(folder, 'samples.ndjson'));
  const over = new AbortController();
  const sampling = sampler.run(SAMPLE_EVERY_MS, over.signal);
  const restless: number[] = [];
  const rest = async (): Promise<void> => {
    await killer.calm();
    if ((await load.idle()) && (await comeToRest(form))) await sampler.take(true);
    else restless.push(minutes());
  };

  const timetable = new Timetable(minutes);
  timetable.every(plan.slice, () => latencies.cut(minutes()));
  timetable.every(plan.restEvery, rest);
  timetable.every(plan.killEvery, () => {
    if (minutes() < plan.killsUntil) killer.strike();
  });
  for (const change of POLICY_CHANGES) {
    timetable.at(change.at * plan.minutes, () => load.begin(next.policyChange(change)));
  }
  await timetable.run(plan.minutes, (until) => load.run((until - minutes()) * 60_000, rate));
  tell('the load has ended; settling');
  await killer.calm();
  await load.settle();
  latencies.cut(minutes());
  over.abort();
  await sampling;
  await rest();
  await journal.end();
  const checks = await checkForm({ form, journal, imports, load, restless });
  sender.close();
  const { kills } = killer;
  const { counts } = load;
  const { samples } = sampler;
  return { form: form.name, commit: begunAt, plan, most, rate, counts, latencies, samples, kills, checks };
}
