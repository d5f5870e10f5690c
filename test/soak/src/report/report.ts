import { machine, markdownTable } from '@rapport/test-bench';
import type { Check } from '../checks/checkForm.ts';
import type { FormName } from '../options.ts';
import type { SoakResult } from '../runForm.ts';
import type { ResourceFinding } from '../trend/findLeaks.ts';
import { bytes, ms } from './amounts.ts';
import type { Picture } from './pictures.ts';

export const TITLES: Readonly<Record<FormName, string>> = {
  standalone: 'Soak: standalone',
  services: 'Soak: separate services',
};

/** The whole report of one form, in Markdown. */
export function reportText(
  result: SoakResult,
  checks: readonly Check[],
  leaks: readonly ResourceFinding[],
  drawn: readonly Picture[],
): string {
  const { form, plan, most, rate, counts } = result;
  const measured =
    most === undefined ? 'as given' : `of ${most.toFixed(0)} that it answered at most in the beginning`;
  return [
    `# ${TITLES[form]}, ${plan.minutes} minutes`,
    `${machine()}, commit ${result.commit}. ${rate} requests a second at an even rate (${measured}), caches of each process small enough to be full. ` +
      `${counts.answered} good answers; ${counts.unanswered} tries without an answer, each sent again. ` +
      `A kill -9 about every ${plan.killEvery.toFixed(1)} minutes until minute ${plan.killsUntil}, then none: what grows ` +
      'slowly is seen in lives that last. How to read it: test/soak/README.md.',
    '## What must hold',
    markdownTable(
      ['check', ''],
      checks.map(({ name, faults }) => [name, faults.length === 0 ? 'holds' : `**${faults.join('; ')}**`]),
    ),
    '## Over time',
    ...drawn.map(({ file, title }) => `![${title}](${file})`),
    '## Kills',
    killsTable(result),
    '## Latencies',
    'From when a request was due, without those that had to be sent again.',
    latencyTable(result),
    '## Refusals',
    refusals(result),
    '## Growth at rest',
    'Slopes after the first ' +
      `${plan.warmUp.toFixed(1)} minutes of each life, between which bounds they lie all but surely; a leak is named where even the ` +
      'lower bound is above what is tolerated.',
    leaksTable(leaks),
    '## Disk',
    diskTable(result),
  ].join('\n\n');
}

function killsTable({ kills }: SoakResult): string {
  if (kills.length === 0) return 'None.';
  return markdownTable(
    ['minute', 'process', 'ready again after'],
    kills.map(({ at, process, seconds }) => [at.toFixed(1), process, `${seconds.toFixed(1)} s`]),
  );
}

function latencyTable({ latencies }: SoakResult): string {
  return markdownTable(
    ['kind', 'answers', 'p50 ms', 'p90 ms', 'p99 ms', 'longest ms'],
    [...latencies.total].map(([kind, { count, p50, p90, p99, max }]) => [
      kind,
      String(count),
      ms(p50),
      ms(p90),
      ms(p99),
      ms(max),
    ]),
  );
}

function refusals({ counts: { refused } }: SoakResult): string {
  if (refused.size === 0) return 'None.';
  const rows = [...refused]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([what, times]) => [what, String(times)]);
  return markdownTable(['refused', 'times'], rows);
}

function leaksTable(leaks: readonly ResourceFinding[]): string {
  return markdownTable(
    ['process', 'resource', 'last', 'samples', 'slope a minute', 'between', 'tolerated', ''],
    leaks.map(({ process, resource, unit, last, tolerated, finding }) => {
      const amount = (value: number): string => (unit === 'bytes' ? bytes(value) : value.toFixed(3));
      const start = [
        process,
        resource,
        unit === 'bytes' ? bytes(last) : String(last),
        String(finding.samples),
      ];
      if (finding.verdict === 'too few samples')
        return [...start, '', '', amount(tolerated), 'too few samples'];
      const { slope, lower, upper, verdict } = finding;
      const between = `${amount(lower)} … ${amount(upper)}`;
      return [...start, amount(slope), between, amount(tolerated), verdict === 'leak' ? '**leak**' : 'none'];
    }),
  );
}

/** Sizes when the even load began and when it had ended. */
function diskTable({ samples }: SoakResult): string {
  const [first, last] = [samples[0]!.disk, samples.at(-1)!.disk];
  return markdownTable(
    ['what', 'at the beginning', 'at the end'],
    Object.entries(last)
      .filter(([, size]) => size > 1024 * 1024)
      .map(([name, size]) => [name, bytes(first[name] ?? 0), bytes(size)]),
  );
}
