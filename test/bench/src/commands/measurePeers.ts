import { peerArm } from '../arms/peerArm.ts';
import { installPeerPackages } from '../arms/peerPackages.ts';
import { rapportArm } from '../arms/rapportArm.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { PostgresServer } from '../postgres/postgresServer.ts';
import { atLeast, type SectionFindings } from '../report/section.ts';
import { CONNECTIONS, measureInTurn, type ArmRounds } from './commandRounds.ts';
import { roundsTable, throughputRatio, whyNoRatio } from './roundsTable.ts';

/** Connections to PostgreSQL: the fastest of 4, 8, 10, 16, 32 for each peer, tried with BENCH_POOL (see README.md). */
const POOL = { postgres: 16, emmett: 16 };

const TITLE = 'Beside what a TypeScript team would write instead';

/** Commands per second beside a hand-written event store on PostgreSQL and beside Emmett. */
export async function measurePeers(options: BenchOptions): Promise<SectionFindings> {
  let postgres: PostgresServer;
  try {
    await installPeerPackages();
    postgres = await PostgresServer.start();
  } catch (error) {
    return notMeasured(reason(error));
  }
  try {
    const sql = peerArm('postgresql', 'postgres', postgres, poolSize(POOL.postgres));
    const emmett = peerArm('emmett', 'emmett', postgres, poolSize(POOL.emmett));
    const rounds = await measureInTurn([rapportArm, sql, emmett], options);
    return findings(rounds as [ArmRounds, ArmRounds, ArmRounds], postgres.description);
  } finally {
    await postgres.stop();
  }
}

function findings(rounds: readonly [ArmRounds, ArmRounds, ArmRounds], server: string): SectionFindings {
  const [rapport, sql, emmett] = rounds;
  const targets = CONNECTIONS.flatMap((n) => [
    atLeast(
      `commands at ${n} connections, × PostgreSQL`,
      2.5,
      ' ×',
      throughputRatio(rapport, sql, n),
      whyNoRatio(rapport, sql),
    ),
    atLeast(
      `commands at ${n} connections, × Emmett`,
      5,
      ' ×',
      throughputRatio(rapport, emmett, n),
      whyNoRatio(rapport, emmett),
    ),
  ]);
  const body = [
    `The same commands and load. *postgresql* is Fastify with its ajv validation, \`pg\` (pool of ${POOL.postgres}, prepared
statements) and one table of events; *emmett* is Fastify and Emmett 0.42 with its PostgreSQL store (pool of
${POOL.emmett}). Both seal the text of responses and know customers from memory, as the product does; neither checks
a token nor builds views. ${server}.`,
    roundsTable(rounds),
  ].join('\n\n');
  return { section: 'peers', title: TITLE, targets, body };
}

function notMeasured(why: string): SectionFindings {
  const targets = [
    { figure: 'commands, × PostgreSQL', target: '≥ 2.5 ×', measured: why },
    { figure: 'commands, × Emmett', target: '≥ 5 ×', measured: why },
  ];
  return { section: 'peers', title: TITLE, targets, body: `Not measured: ${why}.` };
}

/** BENCH_POOL overrides the size of both pools, to try others. */
function poolSize(tuned: number): number {
  return Number(process.env['BENCH_POOL'] ?? tuned);
}
