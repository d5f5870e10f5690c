import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Schema from 'typebox/schema';
import { canonicalJson, type JsonValue } from '../wire/canonicalJson.ts';
import type { PolicyDefinition } from './policyDefinition.ts';
import { POLICIES } from './policyRegistry.ts';
import type { PolicyVersion } from './policyVersion.ts';
import { defaultVersion, policyAt } from './policyVersion.ts';
import { RFM } from './rfm.ts';
import { RISK_MATRIX } from './riskMatrix.ts';
import { SATISFACTION } from './satisfaction.ts';
import { TIERING } from './tiering.ts';

const all: [string, PolicyDefinition][] = Object.entries(POLICIES);

describe('policies', () => {
  it.each(all)('the default of %s fits its schema, is sound and is canonical JSON', (name, policy) => {
    expect(policy.name).toBe(name);
    expect(policy.rules.every((rule) => /^R-\d{3}$/.test(rule))).toBe(true);
    expect(Schema.Check(policy.schema, policy.defaultValue)).toBe(true);
    expect(policy.faults(policy.defaultValue)).toEqual([]);
    expect(JSON.parse(canonicalJson(policy.defaultValue as JsonValue))).toEqual(policy.defaultValue);
  });

  it.each(all)('%s refuses a field that it does not know', (_name, policy) => {
    expect(Schema.Check(policy.schema, { ...(policy.defaultValue as object), sundry: 1 })).toBe(false);
  });

  it('R-020 thresholds are ordered amounts of CNY with two decimals', () => {
    const value = TIERING.defaultValue;
    expect(TIERING.faults({ ...value, spendCny: { a: '99999.99', b: '100000.00' } })).toEqual([
      { field: 'spendCny.a', message: expect.any(String) },
    ]);
    expect(TIERING.faults({ ...value, tenureYears: { a: 0, b: 1 } })).toHaveLength(1);
    for (const a of ['500000', '-1.00', '1e6', '500000.001', '']) {
      expect(Schema.Check(TIERING.schema, { ...value, spendCny: { a, b: '1.00' } })).toBe(false);
    }
  });

  it('R-024 cut points are ordered, R-025 weights are not all zero, an industry code stands once', () => {
    const value = RFM.defaultValue;
    const cutPoints = {
      recencyDays: [30, 30, 180, 365],
      frequency: [2, 3, 6, 12],
      monetaryCny: ['1.00', '1.00', '1.00', '1.00'],
    };
    expect(RFM.faults({ ...value, cutPoints }).map((fault) => fault.field)).toEqual([
      'cutPoints.recencyDays',
      'cutPoints.frequency',
      'cutPoints.monetaryCny',
    ]);
    expect(RFM.faults({ ...value, weights: { recency: 0, frequency: 0, monetary: 0 } })).toHaveLength(1);
    expect(RFM.faults({ ...value, bands: { middleFrom: 4, highFrom: 4 } })).toHaveLength(1);
    expect(
      RFM.faults({ ...value, industries: [...value.industries, { name: 'steel', codes: ['C31', 'C'] }] }),
    ).toEqual([{ field: 'industries[2].codes[1]', message: expect.any(String) }]);
  });

  it('R-081 levels start at 1 and rise', () => {
    const [low, medium, high] = RISK_MATRIX.defaultValue.levels;
    expect(RISK_MATRIX.faults({ scale: 5, levels: [medium!] })).toHaveLength(1);
    expect(RISK_MATRIX.faults({ scale: 5, levels: [low!, high!, medium!] })).toHaveLength(2);
  });

  it('R-090 a dimension stands once and the bounds are ordered', () => {
    const value = SATISFACTION.defaultValue;
    const twice = { ...value, dimensions: [value.dimensions[0]!, value.dimensions[0]!] };
    expect(SATISFACTION.faults(twice)).toHaveLength(1);
    expect(
      SATISFACTION.faults({ ...value, scale: { min: 5, max: 1 }, low: { atMost: 5, fallOf: 1 } }),
    ).toHaveLength(2);
    expect(
      SATISFACTION.faults({ ...value, nps: { min: 0, max: 10, detractorTo: 9, promoterFrom: 9 } }),
    ).toHaveLength(1);
  });
});

describe('versions of a policy', () => {
  const version = (n: number, effectiveFrom: string): PolicyVersion<number> => ({
    name: 'x',
    version: n,
    effectiveFrom,
    value: n,
  });

  it('the default is in force since ever, a version from its first instant to the next', () => {
    const versions = [
      defaultVersion(TIERING),
      { ...defaultVersion(TIERING), version: 2, effectiveFrom: '2026-07-01T00:00:00.000Z' },
    ];
    expect(policyAt(versions, '0001-01-01T00:00:00.000Z').version).toBe(1);
    expect(policyAt(versions, '2026-06-30T23:59:59.999Z').version).toBe(1);
    expect(policyAt(versions, '2026-07-01T00:00:00.000Z').version).toBe(2);
  });

  it('of versions effective from the same instant the last recorded holds, in any order of the list', () => {
    const instants = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...instants), { maxLength: 6 }),
        fc.constantFrom(...instants),
        (froms, at) => {
          const versions = [
            version(1, '0000-01-01T00:00:00.000Z'),
            ...froms.map((from, i) => version(i + 2, from)),
          ];
          const expected = versions
            .filter((candidate) => candidate.effectiveFrom <= at)
            .toSorted((x, y) =>
              x.effectiveFrom < y.effectiveFrom
                ? -1
                : x.effectiveFrom > y.effectiveFrom
                  ? 1
                  : x.version - y.version,
            )
            .at(-1);
          expect(policyAt(versions, at)).toBe(expected);
          expect(policyAt(versions.toReversed(), at)).toBe(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('a history without a version in force is a defect, loudly', () => {
    expect(() => policyAt([version(2, '2026-01-01T00:00:00.000Z')], '2025-12-31T23:59:59.999Z')).toThrow(
      RangeError,
    );
  });
});
