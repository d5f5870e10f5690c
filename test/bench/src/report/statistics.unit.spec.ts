import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { median, pairedRatio, percentile } from './statistics.ts';

const positives = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('median', () => {
  it('is the middle of an odd number of rounds, whatever their order', () => {
    expect(median([9, 1, 100])).toBe(9);
  });

  it('is the mean of the two in the middle of an even number of rounds', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it('refuses to be taken of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  it('has as many values above it as below', () => {
    fc.assert(
      fc.property(positives, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('the ratio of two arms', () => {
  it('is taken within each round, so that a slow round of the machine falls out', () => {
    expect(pairedRatio([600, 60, 660], [1000, 100, 1000])).toBeCloseTo(0.6);
  });

  it('refuses rounds that have no partner', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow('as many rounds');
  });

  it('is the factor when one arm is the other times a factor', () => {
    fc.assert(
      fc.property(positives, fc.double({ min: 0.01, max: 100, noNaN: true }), (rounds, factor) => {
        const scaled = rounds.map((value) => value * factor);
        expect(pairedRatio(scaled, rounds) / factor).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('percentile', () => {
  it('p99 of 100 values is the 99th, of 101 the 100th', () => {
    const values = Array.from({ length: 101 }, (_, i) => i + 1);
    expect(percentile(values.slice(0, 100), 0.99)).toBe(99);
    expect(percentile(values, 0.99)).toBe(100);
  });

  it('of one value is that value', () => {
    expect(percentile([7], 0.5)).toBe(7);
  });
});
