import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOfDay } from '@rapport/calendar';
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
import { GROUPS, type Dues, type Group } from './overdueHistory.ts';
import { RunningServer } from './runningServer.ts';
import type { FiredSoFar } from './serverOrders.ts';

const TITLE = 'Deadlines';
const CONNECTIONS = 32;
/** Longest that a run waits for the last due, in ms. */
const PATIENCE_MS = 1_800_000;

const EXPLANATION = `The product, standalone, on a log of recorded dues; its clock is the bench's. At each group's
instant a tenth of them falls due at once. *Designations* end by themselves: the smallest decider with a deadline, what the
engine costs. *Reviews* are those of the product (R-025, the 181st day without a purchase): each reads the customer's three
streams, opens amounts, seals a result and schedules the next. *Under load* commands are sent meanwhile as in the first
section, from 32 connections; their rate is compared with that just before. *Unfireable* dues lie among the others: nothing
of the service fires them.`;

interface Measured {
  readonly group: Group;
  readonly firedMs: number;
  /** What the product used of its cores meanwhile, commands included. */
  readonly cpuMs: number;
  /** A sweep when all was done. */
  readonly quietSweepMs: number;
  /** Commands per second just before, and while dues fired. */
  readonly before?: number;
  readonly meanwhile?: number;
}

/** Dues that fire at once, beside commands; sweeps that find nothing; dues that cannot fire. */
export async function measureDeadlines(options: BenchOptions): Promise<SectionFindings> {
  const dues: Dues = {
    recorded: options.events,
    atOnce: Math.round(options.events / 10),
    unfireable: Math.round(options.events / 100),
  };
  try {
    const measured = await measureGroups(dues, options.seconds);
    return {
      section: 'deadlines',
      title: TITLE,
      targets: judge(measured, dues),
      body: [EXPLANATION, table([...measured.values()], dues)].join('\n\n'),
    };
  } catch (error) {
    const why = reason(error);
    const target = { figure: 'dues at once, all fired', target: '≤ 120 s', measured: why };
    return { section: 'deadlines', title: TITLE, targets: [target], body: `Not measured: ${why}` };
  }
}

function judge(measured: ReadonlyMap<Group, Measured>, { recorded, atOnce, unfireable }: Dues) {
  const of = (group: Group): Measured => measured.get(group)!;
  const share = ({ before, meanwhile }: Measured): number => meanwhile! / before!;
  const [all, once, not] = [recorded, atOnce, unfireable].map((n) => n.toLocaleString('en'));
  const quiet = median([...measured.values()].map(({ quietSweepMs }) => quietSweepMs));
  return [
    atMost(`${once} of ${all} dues at once, all fired`, 120, ' s', of('alone').firedMs / 1_000),
    atMost(`${once} reviews of ${all} dues at once, all fired`, 120, ' s', of('reviews').firedMs / 1_000),
    atLeast('commands meanwhile ÷ without', 0.5, ' ×', share(of('underLoad'))),
    atMost('a sweep with nothing due, p50', 5, ' ms', quiet),
    atMost(
      `with ${not} unfireable, time to fire ÷ without`,
      1.1,
      ' ×',
      of('aloneWithUnfireable').firedMs / of('alone').firedMs,
    ),
    atLeast(
      `with ${not} unfireable, share of commands meanwhile ÷ without`,
      0.9,
      ' ×',
      share(of('underLoadWithUnfireable')) / share(of('underLoad')),
    ),
  ];
}

async function measureGroups(dues: Dues, seconds: number): Promise<ReadonlyMap<Group, Measured>> {
  const dir = emptyWorkFolder('dues-run');
  cpSync(await folderWith(dues), dir, { recursive: true });
  const server = await RunningServer.start(dir);
  const measured = new Map<Group, Measured>();
  try {
    await server.tell({ do: 'settle' });
    const load = await commandLoad(server.port);
    for (const group of Object.keys(GROUPS) as Group[]) {
      const loaded = group === 'underLoad' || group === 'underLoadWithUnfireable';
      measured.set(group, await measure(server, group, dues.atOnce, loaded ? load : undefined, seconds));
      console.log(`  ${group}: ${shown(measured.get(group)!.firedMs / 1_000)} s`);
    }
  } finally {
    await server.stop();
  }
  return measured;
}

type Load = (seconds: number) => Promise<number>;

async function measure(
  server: RunningServer,
  group: Group,
  atOnce: number,
  load: Load | undefined,
  seconds: number,
): Promise<Measured> {
  const before = await load?.(seconds);
  const told = await server.tell<FiredSoFar>({ do: 'fired' });
  const start = systemMonotonicClock.now();
  await server.tell({ do: 'pass', to: startOfDay(GROUPS[group].due) + 1 });
  let firing = true;
  const rates: number[] = [];
  const loading = (async () => {
    while (load !== undefined && firing) rates.push(await load(seconds));
  })();
  await allFired(server, told.fired + atOnce, start);
  const firedMs = systemMonotonicClock.now() - start;
  const { cpuMs } = await server.tell<FiredSoFar>({ do: 'fired' });
  firing = false;
  await loading;
  await shownByViews(server);
  const quiet = await server.tell<number[]>({ do: 'sweep', times: 50 });
  // The last round went on when everything had fired.
  const meanwhile = rates.length > 1 ? median(rates.slice(0, -1)) : rates[0];
  return {
    group,
    firedMs,
    cpuMs: cpuMs - told.cpuMs,
    quietSweepMs: median(quiet),
    ...(before !== undefined && { before }),
    ...(meanwhile !== undefined && { meanwhile }),
  };
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
  await shownByViews(server);
  await server.stop();
  writeFileSync(done, '');
  return dir;
}

/** The views of a million events take longer than the product is patient at a time. */
async function shownByViews(server: RunningServer): Promise<void> {
  for (let shows = false; !shows;) {
    shows = await server.tell({ do: 'settle' }).then(
      () => true,
      () => false,
    );
  }
}

async function commandLoad(port: number): Promise<Load> {
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
    const { fired, alerts } = await server.tell<FiredSoFar>({ do: 'fired' });
    if (fired >= count) return;
    if (systemMonotonicClock.now() - start > PATIENCE_MS) {
      throw new Error(`${count - fired} dues did not fire in time; alerts: ${alerts.join('; ')}`);
    }
    await systemTimers.sleep(200);
  }
}

function table(runs: readonly Measured[], { atOnce }: Dues): string {
  const head = [
    'group',
    'all fired after s',
    'fired/s',
    'CPU s',
    'sweep with nothing due ms',
    'commands/s before',
    'meanwhile',
    'share',
  ];
  return markdownTable(
    head,
    runs.map(({ group, firedMs, cpuMs, quietSweepMs, before, meanwhile }) => [
      group.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      (firedMs / 1_000).toFixed(1),
      shown(atOnce / (firedMs / 1_000)),
      (cpuMs / 1_000).toFixed(1),
      quietSweepMs.toFixed(2),
      before === undefined ? '–' : shown(before),
      meanwhile === undefined ? '–' : shown(meanwhile),
      before === undefined || meanwhile === undefined ? '–' : (meanwhile / before).toFixed(2),
    ]),
  );
}
