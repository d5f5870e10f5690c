import { describe, expect, it } from '@jest/globals';
import { LatencyHistogram } from './latencyHistogram.ts';

describe('LatencyHistogram', () => {
  it('finds p50 and p99 within one step of 0.05 ms', () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 100; ms += 1) histogram.record(ms);
    expect(histogram.percentile(0.5)).toBeCloseTo(50.05, 5);
    expect(histogram.percentile(0.99)).toBeCloseTo(99.05, 5);
  });

  it('counts what is longer than 10 s as 10 s, and knows nothing of an empty run', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.percentile(0.99)).toBe(0);
    histogram.record(60_000);
    expect(histogram.percentile(1)).toBeCloseTo(10_000.05, 3);
  });
});
