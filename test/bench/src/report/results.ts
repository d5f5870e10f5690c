import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { systemClock, toInstant } from '@rapport/platform';
import { SECTIONS } from '../options.ts';
import { RESULTS, workFolder } from '../places.ts';
import { commit, machine } from './machine.ts';
import { markdownTable } from './markdownTable.ts';
import type { SectionFindings, SectionReport, Target } from './section.ts';

/** Keeps what a section found and writes RESULTS.md anew from everything that is kept. */
export async function publish(findings: SectionFindings): Promise<void> {
  const report: SectionReport = {
    ...findings,
    at: toInstant(systemClock.now()),
    commit: commit(),
    machine: machine(),
  };
  writeFileSync(keptAt(findings.section), JSON.stringify(report, null, 2));
  const reports = SECTIONS.filter((section) => existsSync(keptAt(section))).map((section): SectionReport =>
    JSON.parse(readFileSync(keptAt(section), 'utf8')),
  );
  writeFileSync(RESULTS, await format(document(reports), { parser: 'markdown', printWidth: 110 }));
}

export function targetsTable(targets: readonly Target[]): string {
  return markdownTable(
    ['figure', 'target', 'measured', ''],
    targets.map(({ figure, target, measured, met }) => [figure, target, measured, mark(met)]),
  );
}

function mark(met: boolean | undefined): string {
  return met === undefined ? '–' : met ? '✓' : '✗';
}

function document(reports: readonly SectionReport[]): string {
  return [
    '# Measured',
    'Written by `npm run bench`; see README.md here for what is compared with what. Ratios are taken within one',
    'run, as medians over interleaved rounds. ✓ target met, ✗ missed, – not measured.',
    '',
    targetsTable(reports.flatMap(({ targets }) => targets)),
    '',
    ...reports.map(section),
  ].join('\n');
}

function section(report: SectionReport): string {
  const where = `${report.at.slice(0, 16).replace('T', ' ')} UTC, commit ${report.commit}, on ${report.machine}.`;
  return [`## ${report.title}`, `*${where}*`, '', report.body, ''].join('\n');
}

function keptAt(name: string): string {
  return join(workFolder('results'), `${name}.json`);
}
