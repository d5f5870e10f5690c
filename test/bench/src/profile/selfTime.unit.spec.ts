import { describe, expect, it } from '@jest/globals';
import { selfTimes } from './selfTime.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

describe('self times of a profile', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)') },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('decide', 'file:///work/main/services/tickets/src/decide.ts', 9) },
      { id: 4, callFrame: frame('fold', 'file:///work/main/libs/event-sourcing/src/fold.ts', 1) },
      { id: 5, callFrame: frame('decide', 'file:///work/main/services/tickets/src/decide.ts', 9) },
    ],
    samples: [2, 3, 4, 5, 2],
    timeDeltas: [10_000, 2_000, 4_000, 4_000, 90_000],
  };

  it('adds one function up over its callers, the longest first, with its place', () => {
    expect(selfTimes(profile).map(({ place, ms }) => [place, ms])).toEqual([
      ['decide services/tickets/src/decide.ts:10', 6],
      ['fold libs/event-sourcing/src/fold.ts:2', 4],
    ]);
  });

  it('takes shares of the time in which something was done', () => {
    expect(selfTimes(profile).map(({ share }) => share)).toEqual([0.6, 0.4]);
  });
});
