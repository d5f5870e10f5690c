import { markdownTable } from '../report/markdownTable.ts';
import { shown } from '../report/section.ts';
import { median, pairedRatio } from '../report/statistics.ts';
import { CONNECTIONS, type ArmRounds } from './commandRounds.ts';

/** One line per arm and number of connections: medians, ratios to the first arm, every failure. */
export function roundsTable(arms: readonly ArmRounds[], counts: readonly number[] = CONNECTIONS): string {
  const base = arms[0];
  const rows = counts.flatMap((connections) =>
    arms.map((arm) => {
      const rounds = arm.rounds[connections] ?? [];
      if (arm.unavailable !== undefined || rounds.length === 0) {
        return [`${arm.name}, ${connections}`, arm.unavailable ?? 'no rounds', '', '', '', '', ''];
      }
      const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
      const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
      const ratio = base === undefined ? undefined : throughputRatio(arm, base, connections);
      return [
        `${arm.name}, ${connections}`,
        `${shown(of((round) => round.perSecond))}`,
        ratio === undefined ? '' : shown(ratio),
        of((round) => round.p50Ms).toFixed(1),
        of((round) => round.p99Ms).toFixed(1),
        failed === 0 ? '0' : `**${failed} FAILED**`,
        `${shown(100 * of((round) => round.generatorBusy))} %`,
      ];
    }),
  );
  const head = [
    'arm, connections',
    'commands/s',
    `× ${base?.name ?? ''}`,
    'p50 ms',
    'p99 ms',
    'not 2xx',
    'generator',
  ];
  return markdownTable(head, rows);
}

/** Commands per second of `arm` as a multiple of those of `base`; undefined when one of them failed or is missing. */
export function throughputRatio(arm: ArmRounds, base: ArmRounds, connections: number): number | undefined {
  return ratioOf(arm, base, connections, (round) => round.perSecond);
}

/** p99 of `arm` as a multiple of that of `base`. */
export function p99Ratio(arm: ArmRounds, base: ArmRounds, connections: number): number | undefined {
  return ratioOf(arm, base, connections, (round) => round.p99Ms);
}

function ratioOf(
  arm: ArmRounds,
  base: ArmRounds,
  connections: number,
  pick: (round: ArmRounds['rounds'][string][number]) => number,
): number | undefined {
  const of = arm.rounds[connections] ?? [];
  const to = base.rounds[connections] ?? [];
  if (of.length === 0 || of.length !== to.length || [...of, ...to].some((round) => round.failed > 0))
    return undefined;
  return pairedRatio(of.map(pick), to.map(pick));
}

/** Why a ratio of the two could not be taken. */
export function whyNoRatio(...arms: readonly ArmRounds[]): string {
  const missing = arms.find((arm) => arm.unavailable !== undefined);
  if (missing !== undefined) return `${missing.name}: ${missing.unavailable}`;
  return 'answers other than 2xx, see the table';
}
