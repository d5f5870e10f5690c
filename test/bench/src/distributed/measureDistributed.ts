import type { LocalDeployment } from '@rapport/local';
import { distributedArm, startDistributed } from '../arms/distributedArm.ts';
import { rapportArm } from '../arms/rapportArm.ts';
import { measureInTurn, type ArmRounds } from '../commands/commandRounds.ts';
import { openTickets, registerCustomers } from '../commands/prepareArm.ts';
import { roundsTable, throughputRatio, whyNoRatio } from '../commands/roundsTable.ts';
import { probeViews, type ProbeTimes } from '../latency/viewProbe.ts';
import type { LoadResult } from '../load/loadJob.ts';
import { runLoad } from '../load/runLoad.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atLeast, atMost, type SectionFindings } from '../report/section.ts';
import { processorTime } from '../processes/processorTime.ts';
import { median, percentile } from '../report/statistics.ts';
import { probeFacts, type FactTimes } from './factProbe.ts';

const TITLE = 'Separate services over NATS';
const IN_FLIGHT = 64;
/** At half load, before anything is timed: until then each process runs code that is not compiled yet. */
const WARM_UP_SECONDS = 20;
/** How often half load is measured: what the machine does besides comes and goes. */
const WINDOWS = 3;

const EXPLANATION = `*distributed* is gateway, five services, imports, ledger (embedded store) and projector as processes of
their own on one nats-server with the permissions of deploy/nats, views and keys in embedded stores (FerretDB is measured above), the
relay publishing facts: eleven processes and the load generator on this one machine. The same commands as above, ${IN_FLIGHT} in flight. Half load is half of
what it answered, at an even rate, after ${WARM_UP_SECONDS} s of it in which eleven fresh processes are still being compiled; the
medians of ${WINDOWS} times stand below. Meanwhile a ticket is opened every 50 ms and awaited in the view, and another one as a fact.`;

/** Commands per second and p99 of separate processes, and how far facts and views are behind. */
export async function measureDistributed(options: BenchOptions): Promise<SectionFindings> {
  try {
    const plan = { ...options, connections: [IN_FLIGHT] };
    const rounds = await measureInTurn([rapportArm, distributedArm], plan);
    const [standalone, distributed] = rounds as [ArmRounds, ArmRounds];
    if (distributed.unavailable !== undefined) throw new Error(distributed.unavailable);
    const full = distributed.rounds[IN_FLIGHT]!;
    const half = await atHalfLoad(median(full.map(({ perSecond }) => perSecond)) / 2, options.seconds * 2);
    const targets = [
      atLeast(
        'distributed commands, × standalone',
        0.3,
        ' ×',
        throughputRatio(distributed, standalone, IN_FLIGHT),
        whyNoRatio(standalone, distributed),
      ),
      atMost(`distributed p99, ${IN_FLIGHT} in flight`, 100, ' ms', median(full.map(({ p99Ms }) => p99Ms))),
      atMost('distributed p99, half load', 25, ' ms', median(half.loads.map(({ p99Ms }) => p99Ms))),
      atMost('command to fact p99, half load', 150, ' ms', p99(half.facts.toFact, half.facts.failures)),
      atMost('command to view p99, half load', 500, ' ms', p99(half.views.toView, half.views.failures)),
    ];
    const body = [EXPLANATION, roundsTable(rounds, [IN_FLIGHT]), halfTable(half), processorTable(half)].join(
      '\n\n',
    );
    return { section: 'distributed', title: TITLE, targets, body };
  } catch (error) {
    const target = { figure: 'distributed', target: '≥ 0.3 × standalone', measured: reason(error) };
    return {
      section: 'distributed',
      title: TITLE,
      targets: [target],
      body: `Not measured: ${reason(error)}`,
    };
  }
}

interface HalfLoad {
  readonly loads: readonly LoadResult[];
  readonly views: ProbeTimes;
  readonly facts: FactTimes;
  /** Processor time of each process, in ms. */
  readonly processors: readonly (readonly [name: string, ms: number])[];
}

async function atHalfLoad(perSecond: number, seconds: number): Promise<HalfLoad> {
  const arm = await startDistributed();
  try {
    const { port, token } = arm;
    const customers = await registerCustomers(arm, 500);
    const tickets = await openTickets(arm, 4_000, customers);
    await arm.settle(customers[0]!);
    const job = { port, token, customers, tickets, connections: IN_FLIGHT, perSecond };
    await runLoad({ ...job, seconds: WARM_UP_SECONDS });
    await arm.settle(customers[0]!);
    const ended = new AbortController();
    const probing = Promise.all([
      probeViews(arm, customers, ended.signal),
      probeFacts(arm, customers, ended.signal),
    ]);
    const before = processorTimes(arm.deployment);
    const loads = await inWindows(() => runLoad({ ...job, seconds, warmUpSeconds: 2 })).finally(() =>
      ended.abort(),
    );
    const after = processorTimes(arm.deployment);
    const [views, facts] = await probing;
    const processors = [...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
    return { loads, views, facts, processors };
  } finally {
    await arm.stop();
  }
}

async function inWindows(measure: () => Promise<LoadResult>): Promise<LoadResult[]> {
  const loads: LoadResult[] = [];
  for (let window = 1; window <= WINDOWS; window += 1) {
    const load = await measure();
    console.log(
      `  half load ${window}: ${load.perSecond.toFixed(0)}/s, p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms`,
    );
    loads.push(load);
  }
  return loads;
}

function processorTimes({ all, nats }: LocalDeployment): ReadonlyMap<string, number> {
  return new Map(
    [...all, nats].flatMap(({ name, pid }) => {
      const ms = processorTime(pid);
      return ms === undefined ? [] : [[name, ms]];
    }),
  );
}

/** Where the time goes: two cores have 2,000,000 µs a second for all of them and the generator. */
function processorTable({ loads, processors }: HalfLoad): string {
  const succeeded = sum(loads.map((load) => load.succeeded));
  return markdownTable(
    ['process, at half load', 'µs of processor time per command'],
    processors.map(([name, ms]) => [name, ((ms * 1_000) / succeeded).toFixed(0)]),
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function p99(values: readonly number[], failures: readonly string[]): number {
  return failures.length > 0 || values.length === 0 ? Infinity : percentile(values, 0.99);
}

function halfTable({ loads, views, facts }: HalfLoad): string {
  const row = (name: string, values: readonly number[], failures: readonly string[]) => [
    name,
    String(values.length),
    values.length === 0 ? '–' : percentile(values, 0.5).toFixed(1),
    values.length === 0 ? '–' : percentile(values, 0.99).toFixed(1),
    failures.length === 0 ? '0' : `**${failures.length}: ${failures[0]}**`,
  ];
  return markdownTable(
    [
      `half load, ${median(loads.map(({ perSecond }) => perSecond)).toFixed(0)} commands/s`,
      'seen',
      'p50 ms',
      'p99 ms',
      'failed',
    ],
    [
      [
        'command to answer',
        String(sum(loads.map(({ succeeded }) => succeeded))),
        median(loads.map(({ p50Ms }) => p50Ms)).toFixed(1),
        median(loads.map(({ p99Ms }) => p99Ms)).toFixed(1),
        String(sum(loads.map(({ failed }) => failed))),
      ],
      row('command to fact', facts.toFact, facts.failures),
      row('command to view', views.toView, views.failures),
    ],
  );
}
