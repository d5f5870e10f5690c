import { dateOf } from '@rapport/calendar';
import { systemClock, systemMonotonicClock, systemTimers } from '@rapport/platform';
import { signIn, startRapport, type RunningRapport } from '../arms/rapportArm.ts';
import { customerBody } from '../load/commandBodies.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';
import { processorTime } from '../processes/processorTime.ts';
import { residentMemory } from '../processes/residentMemory.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atMost, shown, type SectionFindings } from '../report/section.ts';
import { median, pairedRatio } from '../report/statistics.ts';
import { foldTimes } from './foldTimes.ts';
import { LONG_CUSTOMER } from './longCustomer.ts';
import { longStore } from './longStore.ts';

const TITLE = 'A customer with 100,000 purchases';
const PURCHASES = 100_000;
/** Recorded one after the other in a timed turn; the clock of the kernel counts in steps of 10 ms. */
const TURN = 100;
/** A look waits two seconds by itself. */
const MOST_LOOKS = 100;
const DAY = 86_400_000;

const EXPLANATION = `One customer has 100,000 purchases of three years. In turns of ${TURN} purchases, one after the other over
HTTP, it is compared with a customer that was registered just before: processor time of the whole product per purchase,
from the request to the recorded review (and the views), idle time between left out. _a day late_ are purchases dated
yesterday, which enter the history before today's. Folding is measured in a process of its own.`;

interface Turn {
  readonly cpuMs: number;
  readonly medianMs: number;
}

/** What one more purchase costs on a long history. */
export async function measureHistory(options: BenchOptions): Promise<SectionFindings> {
  try {
    const until = systemClock.now() - DAY;
    const folds = foldTimes(PURCHASES, until);
    const { dir, head } = await longStore(PURCHASES, until);
    const arm = await startRapport({ name: 'rapport-history', data: dir });
    try {
      await shownAfter(arm, LONG_CUSTOMER, head);
      return report(folds, await turns(arm, options.rounds), residentMemory(arm.process.pid)?.peakMb);
    } finally {
      await arm.stop();
    }
  } catch (error) {
    const target = {
      figure: 'purchase on a long history',
      target: '≤ 3 × one on a new customer',
      measured: reason(error),
    };
    return { section: 'history', title: TITLE, targets: [target], body: `Not measured: ${reason(error)}` };
  }
}

interface Turns {
  readonly firstMs: number;
  readonly long: readonly Turn[];
  readonly fresh: readonly Turn[];
  readonly late: readonly Turn[];
  readonly freshLate: readonly Turn[];
}

async function turns(arm: RunningRapport, rounds: number): Promise<Turns> {
  const token = await signIn(arm.port, 'account-manager');
  const buyer = { ...arm, token };
  const firstMs = await firstPurchase(buyer);
  // Warm code, and a customer that is in memory: what is compared is the length of the history.
  await turn(buyer, await registered(arm), TURN, 0);
  await turn(buyer, LONG_CUSTOMER, TURN, 0);
  const found = { firstMs, long: [], fresh: [], late: [], freshLate: [] } as {
    firstMs: number;
  } & Record<'long' | 'fresh' | 'late' | 'freshLate', Turn[]>;
  for (let round = 0; round < rounds; round += 1) {
    const customerId = await registered(arm);
    found.fresh.push(await turn(buyer, customerId, TURN, 0));
    found.long.push(await turn(buyer, LONG_CUSTOMER, TURN, 0));
    found.freshLate.push(await turn(buyer, customerId, TURN, 1));
    found.late.push(await turn(buyer, LONG_CUSTOMER, TURN, 1));
  }
  return found;
}

/** Processor ms until a purchase on the long history is recorded and reviewed, of which nothing is in memory yet. */
async function firstPurchase(arm: RunningRapport): Promise<number> {
  const began = systemMonotonicClock.now();
  const before = processorTime(arm.process.pid) ?? 0;
  for (;;) {
    try {
      await turn(arm, LONG_CUSTOMER, 1, 0);
      return (processorTime(arm.process.pid) ?? 0) - before;
    } catch (error) {
      // A busy machine may take longer to read it than a command waits; it is in memory then.
      if (!reason(error).includes('503') || systemMonotonicClock.now() - began > 120_000) throw error;
    }
  }
}

async function registered({ port, token }: RunningRapport): Promise<string> {
  const n = Math.floor(systemMonotonicClock.now() * 1000);
  const { status, body } = await jsonRequest({
    port,
    method: 'POST',
    path: '/api/customers',
    token,
    body: customerBody(n),
  });
  if (status !== 201) throw new Error(`POST /api/customers answered ${status}`);
  return String(body['id']);
}

/** Purchases one after the other, and the processor time until all that follows from them is done. */
async function turn(arm: RunningRapport, customerId: string, count: number, daysLate: number): Promise<Turn> {
  const { port, token } = arm;
  const purchasedOn = dateOf(systemClock.now() - daysLate * DAY);
  const body = { purchasedOn, product: '年度服务', amount: { amount: '10.00', currency: 'CNY' } };
  const path = `/api/customers/${customerId}/purchases`;
  const before = processorTime(arm.process.pid) ?? 0;
  const times: number[] = [];
  let position = '';
  for (let n = 0; n < count; n += 1) {
    const sent = systemMonotonicClock.now();
    const answer = await jsonRequest({ port, method: 'POST', path, token, body });
    if (answer.status !== 201)
      throw new Error(`POST ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    times.push(systemMonotonicClock.now() - sent);
    position = String(answer.body['position']);
    await shownAfter(arm, customerId, position);
  }
  return { cpuMs: ((processorTime(arm.process.pid) ?? 0) - before) / count, medianMs: median(times) };
}

/** Waits until the view of the customer, and so the review, is past a position. */
async function shownAfter(
  { port, token }: RunningRapport,
  customerId: string,
  position: string,
): Promise<void> {
  const path = `/api/customers/${customerId}?after=${encodeURIComponent(position)}`;
  for (let n = 0; n < MOST_LOOKS; n += 1) {
    const { status, body } = await jsonRequest({ port, method: 'GET', path, token });
    if (status === 200 && body['stale'] !== true) return;
    await systemTimers.sleep(20);
  }
  throw new Error(`the customer did not show ${position}`);
}

function report(
  folds: ReturnType<typeof foldTimes>,
  { firstMs, long, fresh, late, freshLate }: Turns,
  peakMb: number | undefined,
): SectionFindings {
  const cpu = (turnsOf: readonly Turn[]): readonly number[] => turnsOf.map(({ cpuMs }) => cpuMs);
  const row = (name: string, turnsOf: readonly Turn[]): string[] => [
    name,
    median(cpu(turnsOf)).toFixed(2),
    median(turnsOf.map(({ medianMs }) => medianMs)).toFixed(2),
  ];
  const table = markdownTable(
    ['purchase', 'processor ms', 'answered after ms (p50)'],
    [
      row('on a new customer', fresh),
      row('on the one with 100,000', long),
      row('a day late, on a new customer', freshLate),
      row('a day late, on the one with 100,000', late),
    ],
  );
  return {
    section: 'history',
    title: TITLE,
    targets: [
      atMost('folding 100,000 purchases, for commands', 1_000, ' ms of CPU', folds.purchasesMs),
      atMost('folding 100,000 purchases, and judging each', 2_000, ' ms of CPU', folds.standingMs),
      atMost('purchase on 100,000 others ÷ on a new customer', 3, ' ×', pairedRatio(cpu(long), cpu(fresh))),
      atMost('the same a day late', 3, ' ×', pairedRatio(cpu(late), cpu(freshLate))),
    ],
    body: [
      EXPLANATION,
      table,
      `The first purchase after a start, for which the history is read twice, opened and judged, took ${shown(firstMs)} ms of
processor time. Most memory that the product ever had: ${peakMb === undefined ? '–' : shown(peakMb)} MB.`,
    ].join('\n\n'),
  };
}
