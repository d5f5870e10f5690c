import type { Arm } from '../arms/arm.ts';
import { peerArm } from '../arms/peerArm.ts';
import type { PostgresServer } from '../postgres/postgresServer.ts';
import { type ArmRounds, measureInTurn } from './commandRounds.ts';

/** Connections to PostgreSQL that are tried. */
const POOL_SIZES = [8, 16, 32];
const SECONDS = 3;

export interface TunedPeer {
  readonly arm: Arm;
  readonly poolSize: number;
}

/** The peer with the pool that is fastest for it on this machine; BENCH_POOL=N takes N instead of trying. */
export async function tunedPeer(name: string, program: string, postgres: PostgresServer): Promise<TunedPeer> {
  const given = Number(process.env['BENCH_POOL']);
  if (given > 0) return { arm: peerArm(name, program, postgres, given), poolSize: given };
  const arms = POOL_SIZES.map((size) => peerArm(`${name} with a pool of ${size}`, program, postgres, size));
  const tried = await measureInTurn(arms, { seconds: SECONDS, rounds: 1 });
  const rates = tried.map(totalPerSecond);
  const poolSize = POOL_SIZES[rates.indexOf(Math.max(...rates))]!;
  return { arm: peerArm(name, program, postgres, poolSize), poolSize };
}

function totalPerSecond({ rounds }: ArmRounds): number {
  return Object.values(rounds)
    .flat()
    .reduce((sum, { perSecond }) => sum + perSecond, 0);
}
