import { join } from 'node:path';
import type { QueryMessage } from '@rapport/contracts';
import {
  standaloneCaches,
  systemClock,
  systemMonotonicClock,
  systemRandom,
  systemTimers,
} from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { TierQueries, Views } from '@rapport/service-projector';
import { EmbeddedViewStore } from '@rapport/views';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { emptyWorkFolder } from '../places.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atMost, type SectionFindings, type Target } from '../report/section.ts';
import { percentile } from '../report/statistics.ts';
import { GrowingLog, writeTierView } from './largeTierView.ts';

const TITLE = 'Summaries of a large tier view';
const QUESTIONS = 2_000;
const WRITES = 300;
const AT_ONCE = 10;
const PATIENCE_MS = 60_000;

/** What goes on while view writes are timed. */
type Load = 'nothing' | 'ten summaries' | 'ten walks through all documents';

/** What a summary takes, and what a view write waits for while ten of them are in flight. */
export async function measureSummaries(options: BenchOptions): Promise<SectionFindings> {
  const customers = options.events;
  try {
    const views = await EmbeddedViewStore.open(
      join(emptyWorkFolder('summaries'), 'views.sqlite'),
      standaloneCaches(),
    );
    try {
      return await measure(views, customers, options.rounds);
    } finally {
      await views.close();
    }
  } catch (error) {
    const target = { figure: 'summary', target: 'p99 ≤ 20 ms', measured: reason(error) };
    return { section: 'summaries', title: TITLE, targets: [target], body: `Not measured: ${reason(error)}` };
  }
}

async function measure(
  store: EmbeddedViewStore,
  customers: number,
  rounds: number,
): Promise<SectionFindings> {
  const collection = await writeTierView(store, customers);
  const log = new GrowingLog(customers);
  const views = new Views({
    log,
    views: store,
    readStream: async () => [],
    opener: { open: (event) => event },
    reveal: async (body) => body,
    cursorKey: new Uint8Array(32),
    clock: systemClock,
    monotonic: systemMonotonicClock,
    timers: systemTimers,
    followers: unwatched(),
    random: systemRandom,
    caches: standaloneCaches(),
    soleOwner: true,
    alert: (alert, facts) => console.error(alert, JSON.stringify(facts)),
  });
  const started = systemMonotonicClock.now();
  await views.onApplicationBootstrap();
  try {
    await shown(views, log.change(0));
    const takeOver = systemMonotonicClock.now() - started;
    const queries = new TierQueries(views);
    const message = { parameters: {}, actor: { id: 'bench', roles: ['manager'] } } as unknown as QueryMessage;
    const summary = (): Promise<unknown> => queries.summary(message);
    const walk = (): Promise<unknown> => collection.aggregate({ by: ['tier', 'rule'], measure: [] });

    const alone = await timesOf(QUESTIONS, summary);
    const walked = await timesOf(5, walk);
    const together = (
      await Promise.all(Array.from({ length: AT_ONCE }, () => timesOf(QUESTIONS / AT_ONCE, summary)))
    ).flat();
    const waits: Record<Load, number[]> = {
      nothing: [],
      'ten summaries': [],
      'ten walks through all documents': [],
    };
    for (let round = 0; round < rounds; round++) {
      waits.nothing.push(...(await writeTimes(views, log, customers)));
      waits['ten summaries'].push(...(await during(summary, () => writeTimes(views, log, customers))));
      waits['ten walks through all documents'].push(
        ...(await during(walk, () => writeTimes(views, log, customers))),
      );
    }
    return findings({ customers, takeOver, alone, together, walked, waits });
  } finally {
    await views.onApplicationShutdown();
  }
}

interface Measured {
  readonly customers: number;
  readonly takeOver: number;
  readonly alone: readonly number[];
  readonly together: readonly number[];
  readonly walked: readonly number[];
  readonly waits: Readonly<Record<Load, readonly number[]>>;
}

function findings({ customers, takeOver, alone, together, walked, waits }: Measured): SectionFindings {
  const p99 = (values: readonly number[]): number => percentile(values, 0.99);
  const many = customers.toLocaleString('en');
  const targets: Target[] = [
    atMost(`tiers.summary of ${many} customers, p99`, 20, ' ms', p99(alone)),
    atMost(`tiers.summary of ${many} customers, ten at once, p99`, 20, ' ms', p99(together)),
    atMost('view write while ten summaries run, p99', 20, ' ms', p99(waits['ten summaries'])),
  ];
  const row = (what: string, values: readonly number[]): string[] => [
    what,
    String(values.length),
    percentile(values, 0.5).toFixed(2),
    p99(values).toFixed(2),
    percentile(values, 1).toFixed(2),
  ];
  const table = markdownTable(
    ['what', 'times', 'p50 ms', 'p99 ms', 'longest ms'],
    [
      row('summary', alone),
      row('summary, ten at once', together),
      row('adding up all documents instead', walked),
      ...Object.entries(waits).map(([load, values]) => row(`view write beside ${load}`, values)),
    ],
  );
  const body = `The tier view of ${many} customers in the embedded store, kept by the projector in one process. Taking it
over, counting all documents and showing a first event, took ${Math.round(takeOver)} ms.

${table}`;
  return { section: 'summaries', title: TITLE, targets, body };
}

async function timesOf(times: number, ask: () => Promise<unknown>): Promise<number[]> {
  const measured: number[] = [];
  for (let n = 0; n < times; n++) {
    const begin = systemMonotonicClock.now();
    await ask();
    measured.push(systemMonotonicClock.now() - begin);
  }
  return measured;
}

/** From a recorded tier change to the view that shows it. */
function writeTimes(views: Views, log: GrowingLog, customers: number): Promise<number[]> {
  let n = 0;
  return timesOf(WRITES, () => shown(views, log.change((n++ * 7_919) % customers)));
}

async function shown(views: Views, position: number): Promise<void> {
  if (!(await views.reached(position, PATIENCE_MS, ['tiers']))) throw new Error('the view did not get there');
}

/** Keeps ten questions in flight. */
async function during<T>(ask: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let over = false;
  const asking = Array.from({ length: AT_ONCE }, async () => {
    while (!over) {
      await ask();
      // As over a transport: an answer ends its turn.
      await systemTimers.sleep(0);
    }
  });
  try {
    return await work();
  } finally {
    over = true;
    await Promise.all(asking);
  }
}
