import { installPeerPackages } from '../arms/peerPackages.ts';
import { rapportArm } from '../arms/rapportArm.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { PostgresServer } from '../postgres/postgresServer.ts';
import { atLeast, type SectionFindings } from '../report/section.ts';
import { CONNECTIONS, measureInTurn, type ArmRounds } from './commandRounds.ts';
import { tunedPeer, type TunedPeer } from './tunedPeer.ts';
import { roundsTable, throughputRatio, whyNoRatio } from './roundsTable.ts';

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
    const sql = await tunedPeer('postgresql', 'postgres', postgres);
    const emmett = await tunedPeer('emmett', 'emmett', postgres);
    const rounds = await measureInTurn([rapportArm, sql.arm, emmett.arm], options);
    return findings(rounds as [ArmRounds, ArmRounds, ArmRounds], [sql, emmett], postgres.description);
  } finally {
    await postgres.stop();
  }
}

function findings(
  rounds: readonly [ArmRounds, ArmRounds, ArmRounds],
  pools: readonly [TunedPeer, TunedPeer],
  server: string,
): SectionFindings {
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
    `The same commands and load. *postgresql* is Fastify with its ajv validation, \`pg\` (pool of ${pools[0].poolSize}, prepared
statements) and one table of events; *emmett* is Fastify and Emmett 0.42 with its PostgreSQL store (pool of
${pools[1].poolSize}). Both seal the text of responses and know customers from memory, as the product does; neither checks
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
