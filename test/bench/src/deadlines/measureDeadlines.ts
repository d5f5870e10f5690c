import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { signIn } from '../arms/rapportArm.ts';
import { openTickets, registerCustomers } from '../commands/prepareArm.ts';
import { runLoad } from '../load/runLoad.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { emptyWorkFolder, workFolder } from '../places.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atLeast, atMost, shown, type SectionFindings } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import { generateDues } from './generateDues.ts';
import type { Dues } from './overdueHistory.ts';
import { RunningServer } from './runningServer.ts';

const TITLE = 'Deadlines';
const CONNECTIONS = 32;
/** Longest that a run waits for the last due, in ms. */
const PATIENCE_MS = 1_200_000;

const EXPLANATION = `The product, standalone, on a log of recorded dues; its clock is the bench's. Customers' reviews
fall due at once (R-025: the 181st day without a purchase), each a decision on the customer's three streams with a sealed
result, a new due and their views. *Alone* nothing else is asked of it; *under load* it takes commands as in the first
section meanwhile, from 32 connections, and their rate is compared with that before anything was due. *Unfireable* dues lie
among them: nothing of the service fires them.`;

interface Run {
  readonly what: string;
  readonly dues: Dues;
  /** With commands meanwhile. */
  readonly loaded: boolean;
}

interface Measured extends Run {
  readonly firedMs: number;
  /** What the product used of its cores meanwhile. */
  readonly cpuMs: number;
  readonly quietSweepMs: number;
  /** Commands per second before anything was due, and while dues fired. */
  readonly before: number | undefined;
  readonly meanwhile: number | undefined;
}

/** Dues that fire at once, beside commands; sweeps that find nothing; dues that cannot fire. */
export async function measureDeadlines(options: BenchOptions): Promise<SectionFindings> {
  const recorded = options.events;
  const atOnce = Math.round(recorded / 10);
  const unfireable = Math.round(recorded / 100);
  const dues = { recorded, atOnce, unfireable: 0 };
  const runs: readonly Run[] = [
    { what: 'alone', dues, loaded: false },
    { what: 'alone, with unfireable', dues: { ...dues, unfireable }, loaded: false },
    { what: 'under load', dues, loaded: true },
    { what: 'under load, with unfireable', dues: { ...dues, unfireable }, loaded: true },
  ];
  try {
    const measured: Measured[] = [];
    for (const run of runs) {
      measured.push(await measure(run, options.seconds));
      console.log(`  ${run.what}: ${shown(measured.at(-1)!.firedMs / 1_000)} s`);
    }
    const [alone, aloneWith, loaded, loadedWith] = measured as [Measured, Measured, Measured, Measured];
    const share = ({ before, meanwhile }: Measured) => meanwhile! / before!;
    const count = (n: number) => n.toLocaleString('en');
    return {
      section: 'deadlines',
      title: TITLE,
      targets: [
        atMost(
          `${count(atOnce)} of ${count(recorded)} dues at once, all fired`,
          120,
          ' s',
          alone.firedMs / 1_000,
        ),
        atLeast('commands meanwhile ÷ without', 0.5, ' ×', share(loaded)),
        atMost('a sweep with nothing due, p50', 5, ' ms', alone.quietSweepMs),
        atMost(
          `with ${count(unfireable)} unfireable, time to fire ÷ without`,
          1.1,
          ' ×',
          aloneWith.firedMs / alone.firedMs,
        ),
        atLeast(
          `with ${count(unfireable)} unfireable, commands meanwhile ÷ without them`,
          0.9,
          ' ×',
          share(loadedWith) / share(loaded),
        ),
      ],
      body: [EXPLANATION, table(measured)].join('\n\n'),
    };
  } catch (error) {
    const why = reason(error);
    const target = { figure: 'dues at once, all fired', target: '≤ 120 s', measured: why };
    return { section: 'deadlines', title: TITLE, targets: [target], body: `Not measured: ${why}` };
  }
}

async function measure({ what, dues, loaded }: Run, seconds: number): Promise<Measured> {
  const dir = emptyWorkFolder('dues-run');
  cpSync(await folderWith(dues), dir, { recursive: true });
  const server = await RunningServer.start(dir);
  try {
    await server.tell({ do: 'settle' });
    const quiet = await server.tell<number[]>({ do: 'sweep', times: 50 });
    const load = loaded ? await commandLoad(server.port) : undefined;
    const before = await load?.(seconds);
    await server.tell({ do: 'release' });
    const start = systemMonotonicClock.now();
    const { cpuMs: cpuBefore } = await server.tell<{ cpuMs: number }>({ do: 'fired' });
    let firing = true;
    const rates: number[] = [];
    const loading = (async () => {
      while (load !== undefined && firing) rates.push(await load(seconds));
    })();
    await allFired(server, dues.atOnce, start);
    const firedMs = systemMonotonicClock.now() - start;
    const { cpuMs: cpuAfter } = await server.tell<{ cpuMs: number }>({ do: 'fired' });
    firing = false;
    await loading;
    // The last round may have gone on when everything had fired.
    const meanwhile = rates.length > 1 ? median(rates.slice(0, -1)) : rates[0];
    const cpuMs = cpuAfter - cpuBefore;
    return { what, dues, loaded, firedMs, cpuMs, quietSweepMs: median(quiet), before, meanwhile };
  } finally {
    await server.stop();
  }
}

/** A folder with these dues and the views of them, made once. */
async function folderWith(dues: Dues): Promise<string> {
  const name = `dues-${dues.recorded}-${dues.atOnce}-${dues.unfireable}`;
  const dir = join(workFolder('stores'), name);
  const done = `${dir}.done`;
  if (existsSync(done)) return dir;
  rmSync(dir, { recursive: true, force: true });
  workFolder(join('stores', name));
  console.log(`  generating ${dues.recorded.toLocaleString('en')} dues (once) …`);
  await generateDues(dir, dues);
  const server = await RunningServer.start(dir);
  for (let shown = false; !shown;) shown = await settled(server);
  await server.stop();
  writeFileSync(done, '');
  return dir;
}

/** The views of a new folder take longer than the product is patient. */
async function settled(server: RunningServer): Promise<boolean> {
  try {
    await server.tell({ do: 'settle' });
    return true;
  } catch {
    return false;
  }
}

async function commandLoad(port: number): Promise<(seconds: number) => Promise<number>> {
  const token = await signIn(port);
  const arm = { name: 'rapport', port, token, settle: async () => undefined, stop: async () => undefined };
  const customers = await registerCustomers(arm, 500);
  const tickets = await openTickets(arm, 4_000, customers);
  return async (seconds) => {
    const load = await runLoad({ port, token, customers, tickets, connections: CONNECTIONS, seconds });
    if (load.failed > 0) throw new Error(`${load.failed} commands failed: ${JSON.stringify(load.statuses)}`);
    return load.perSecond;
  };
}

async function allFired(server: RunningServer, count: number, start: number): Promise<void> {
  for (;;) {
    const { fired, alerts } = await server.tell<{ fired: number; alerts: string[] }>({ do: 'fired' });
    if (fired >= count) return;
    if (systemMonotonicClock.now() - start > PATIENCE_MS) {
      throw new Error(`${fired} of ${count} dues fired in time; alerts: ${alerts.join('; ')}`);
    }
    await systemTimers.sleep(200);
  }
}

function table(runs: readonly Measured[]): string {
  return markdownTable(
    [
      '',
      'dues at once',
      'unfireable',
      'all fired after s',
      'CPU s',
      'fired/s',
      'sweep with nothing due ms',
      'commands/s before',
      'meanwhile',
      'share',
    ],
    runs.map(({ what, dues, firedMs, cpuMs, quietSweepMs, before, meanwhile }) => [
      what,
      dues.atOnce.toLocaleString('en'),
      dues.unfireable.toLocaleString('en'),
      (firedMs / 1_000).toFixed(1),
      (cpuMs / 1_000).toFixed(1),
      shown(dues.atOnce / (firedMs / 1_000)),
      quietSweepMs.toFixed(2),
      before === undefined ? '–' : shown(before),
      meanwhile === undefined ? '–' : shown(meanwhile),
      before === undefined || meanwhile === undefined ? '–' : (meanwhile / before).toFixed(2),
    ]),
  );
}
