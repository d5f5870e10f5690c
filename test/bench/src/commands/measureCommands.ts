import { bareArm } from '../arms/bareArm.ts';
import { rapportArm } from '../arms/rapportArm.ts';
import type { BenchOptions } from '../options.ts';
import { missedProfile } from '../profile/missedProfile.ts';
import { atLeast, atMost, type SectionFindings } from '../report/section.ts';
import { CONNECTIONS, measureInTurn, type ArmRounds } from './commandRounds.ts';
import { p99Ratio, roundsTable, throughputRatio, whyNoRatio } from './roundsTable.ts';

const EXPLANATION = `Half of the commands open a ticket, half respond to one that is open; keep-alive, the same generator
and bodies for all. *bare* is Nest + Fastify with the standard ValidationPipe and no storage, *bare, own validation*
the same with the product's pipe, *rapport* the whole product: signed in, validated, sealed, durable, views behind it.
*generator* is the share of one core that the load generator used.`;

/** Commands per second and p99 beside a bare endpoint. */
export async function measureCommands(options: BenchOptions): Promise<SectionFindings> {
  const arms = [bareArm('bare', 'standard'), bareArm('bare, own validation', 'own'), rapportArm];
  const rounds = await measureInTurn(arms, options);
  const [bare, , rapport] = rounds as [ArmRounds, ArmRounds, ArmRounds];
  const why = whyNoRatio(bare, rapport);
  const targets = CONNECTIONS.flatMap((n) => [
    atLeast(`commands at ${n} connections, × bare`, 0.6, ' ×', throughputRatio(rapport, bare, n), why),
    atMost(`p99 at ${n} connections, × p99 of bare`, 3, ' ×', p99Ratio(rapport, bare, n), why),
  ]);
  const profile = targets.some(({ met }) => met === false) ? await missedProfile(options.seconds) : '';
  const body = [EXPLANATION, roundsTable(rounds), profile].join('\n\n').trim();
  return { section: 'commands', title: 'Commands over HTTP', targets, body };
}
