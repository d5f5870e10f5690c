import type { Arm, RunningArm } from '../arms/arm.ts';
import type { LoadResult } from '../load/loadJob.ts';
import { runLoad } from '../load/runLoad.ts';
import { reason } from '../notAvailable.ts';
import { openTickets, registerCustomers } from './prepareArm.ts';

export const CONNECTIONS = [32, 128] as const;

const CUSTOMERS = 2_000;
const TICKETS_PER_RUN = 4_000;
const WARM_UP_SECONDS = 3;

export interface ArmRounds {
  readonly name: string;
  /** Why there are no rounds, where there are none. */
  readonly unavailable?: string;
  /** By number of connections: one result per round, in order. */
  readonly rounds: Readonly<Record<string, readonly LoadResult[]>>;
}

export interface RoundsPlan {
  readonly seconds: number;
  readonly rounds: number;
  /** Default: CONNECTIONS. */
  readonly connections?: readonly number[];
}

interface WarmArm extends RunningArm {
  readonly customers: readonly string[];
}

/**
 * Puts the same load on every arm, in turn and over again (A B C, A B C, …), so that what the machine does
 * meanwhile meets all of them. An arm that does not start or fails is reported and left out.
 */
export async function measureInTurn(arms: readonly Arm[], plan: RoundsPlan): Promise<ArmRounds[]> {
  const { connections: counts = CONNECTIONS } = plan;
  const started: RunningArm[] = [];
  const outcome = new Map(
    arms.map(({ name }) => [name, { name, rounds: emptyRounds(counts), unavailable: '' }]),
  );
  try {
    const warm: WarmArm[] = [];
    for (const arm of arms) {
      try {
        const running = await arm.start();
        started.push(running);
        warm.push(await warmUp(running));
      } catch (error) {
        outcome.get(arm.name)!.unavailable = reason(error);
        console.log(`  ${arm.name}: ${reason(error)}`);
      }
    }
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const connections of counts) {
        for (const arm of warm) {
          const of = outcome.get(arm.name)!;
          if (of.unavailable !== '') continue;
          try {
            of.rounds[connections]!.push(await oneRun(arm, connections, plan.seconds, round));
          } catch (error) {
            of.unavailable = reason(error);
            console.log(`  ${arm.name}: ${reason(error)}`);
          }
        }
      }
    }
  } finally {
    for (const arm of started) await arm.stop();
  }
  return [...outcome.values()].map(({ name, rounds, unavailable }) =>
    unavailable === '' ? { name, rounds } : { name, rounds: emptyRounds(counts), unavailable },
  );
}

async function warmUp(arm: RunningArm): Promise<WarmArm> {
  const customers = await registerCustomers(arm, CUSTOMERS);
  const tickets = await openTickets(arm, 1_000, customers);
  const { port, token } = arm;
  await runLoad({ port, token, customers, tickets, connections: 32, seconds: WARM_UP_SECONDS });
  await arm.settle(customers[0]!);
  return { ...arm, customers };
}

async function oneRun(
  arm: WarmArm,
  connections: number,
  seconds: number,
  round: number,
): Promise<LoadResult> {
  const { port, token, customers } = arm;
  const tickets = await openTickets(arm, TICKETS_PER_RUN, customers);
  await arm.settle(customers[0]!);
  const result = await runLoad({ port, token, customers, tickets, connections, seconds });
  await arm.settle(customers[0]!);
  const rate = Math.round(result.perSecond).toLocaleString('en');
  console.log(
    `  round ${round}, ${connections} connections, ${arm.name}: ${rate}/s, p99 ${result.p99Ms.toFixed(1)} ms` +
      (result.failed === 0 ? '' : `, FAILED: ${result.failed} ${JSON.stringify(result.statuses)}`),
  );
  return result;
}

function emptyRounds(counts: readonly number[]): Record<string, LoadResult[]> {
  return Object.fromEntries(counts.map((connections) => [connections, []]));
}
