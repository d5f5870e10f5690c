import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type Check } from '../checks/checkForm.ts';
import type { SoakResult } from '../runForm.ts';
import { findLeaks, type ResourceFinding } from '../trend/findLeaks.ts';
import { bytes } from './amounts.ts';
import { pictures } from './pictures.ts';
import { reportText } from './report.ts';

/** Writes report and pictures into a folder. @returns every check, and the report's path */
export function writeReport(
  result: SoakResult,
  folder: string,
): { readonly checks: readonly Check[]; readonly report: string } {
  const leaks = findLeaks(result.samples, result.plan.warmUp);
  const checks = [...result.checks, check('no process leaks', leaks.flatMap(leakText))];
  const drawn = pictures(result);
  for (const { file, svg } of drawn) writeFileSync(join(folder, file), svg);
  const report = join(folder, 'REPORT.md');
  writeFileSync(report, `${reportText(result, checks, leaks, drawn)}\n`);
  return { checks, report };
}

function leakText({ process, resource, unit, finding }: ResourceFinding): readonly string[] {
  if (finding.verdict !== 'leak') return [];
  const slope = unit === 'bytes' ? bytes(finding.slope) : finding.slope.toFixed(2);
  return [`${process} leaks ${resource}: ${slope} a minute`];
}
