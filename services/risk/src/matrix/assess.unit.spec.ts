import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { RISK_MATRIX } from '@rapport/contracts';
import { assess } from './assess.ts';

const policy = RISK_MATRIX.defaultValue;
const rows: Record<string, string>[] = parse(
  readFileSync(new URL('../../../../test/examples/risk-matrix.csv', import.meta.url)),
  { columns: true },
);

describe('the risk matrix', () => {
  it('has an example for each of its 25 cells', () => {
    expect(new Set(rows.map((row) => `${row['likelihood']}×${row['impact']}`)).size).toBe(25);
  });

  it.each(rows)('R-081 R-082 likelihood $likelihood × impact $impact is $level', (row) => {
    const yesNo = (value: boolean) => (value ? 'yes' : 'no');
    const assessment = assess(Number(row['likelihood']), Number(row['impact']), policy);
    expect({
      likelihood: row['likelihood'],
      impact: row['impact'],
      score: String(assessment.score),
      level: assessment.level,
      reassess: assessment.reassess,
      needs_control: yesNo(assessment.needsControl),
      accept_needs_manager: yesNo(assessment.acceptNeedsManager),
    }).toEqual(row);
  });

  it('R-081 refuses what is not on the scale, by name', () => {
    for (const wrong of [0, 6, 2.5, Number.NaN, -1]) {
      expect(() => assess(wrong, 3, policy)).toThrow('likelihood must be an integer from 1 to 5');
      expect(() => assess(3, wrong, policy)).toThrow('impact must be an integer from 1 to 5');
    }
  });

  it('R-081 follows the policy that it is given', () => {
    const strict = { ...policy, levels: [{ ...policy.levels[3]!, fromScore: 1 }] };
    expect(assess(1, 1, strict)).toMatchObject({ level: 'critical', needsControl: true });
  });
});
