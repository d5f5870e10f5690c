import { describe, expect, it } from '@jest/globals';
import { atLeast, atMost, shown } from './section.ts';

describe('a target', () => {
  it('is met at exactly its value', () => {
    expect(atLeast('commands', 0.6, ' ×', 0.6)).toMatchObject({
      met: true,
      target: '≥ 0.6 ×',
      measured: '0.6 ×',
    });
    expect(atMost('p99', 250, ' ms', 250).met).toBe(true);
  });

  it('is missed just beyond, even where rounding shows the same number', () => {
    expect(atLeast('commands', 0.6, ' ×', 0.5999).met).toBe(false);
    expect(atMost('p99', 250, ' ms', 250.001).met).toBe(false);
  });

  it('is neither met nor missed when it was not measured, and says why', () => {
    expect(atLeast('commands', 0.6, ' ×', undefined, 'not reachable')).toEqual({
      figure: 'commands',
      target: '≥ 0.6 ×',
      measured: 'not reachable',
    });
  });
});

describe('shown', () => {
  it('groups thousands and keeps decimals only of small numbers', () => {
    expect([61234.5, 99.94, 1.234, 250].map(shown)).toEqual(['61,235', '99.9', '1.23', '250']);
  });
});
