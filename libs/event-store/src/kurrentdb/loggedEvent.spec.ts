import { describe, expect, it } from '@jest/globals';
import { loggedEvent, pairOf, positionOf } from './loggedEvent.ts';

const recorded = {
  streamId: 'ticket-1',
  id: 'A0000000-0000-4000-8000-000000000000',
  revision: 3n,
  type: 'crm.T',
  created: new Date(0),
  metadata: undefined,
  isJson: false as const,
  data: new Uint8Array([1]),
  position: { commit: 7n, prepare: 7n },
};
const damaged = expect.objectContaining({ failure: 'damaged' });

describe('positions', () => {
  it('are one number, from which the pair comes back', () => {
    expect(positionOf({ commit: 9_007_199_254_740_991n, prepare: 9_007_199_254_740_991n })).toBe(2 ** 53 - 1);
    expect(pairOf(12)).toEqual({ commit: 12n, prepare: 12n });
    expect(pairOf(-1)).toBe('start');
  });

  it.each([
    ['an explicit transaction', { commit: 9n, prepare: 7n }],
    ['beyond what a number holds', { commit: 2n ** 53n, prepare: 2n ** 53n }],
  ])('are refused: %s', (_, position) => {
    expect(() => positionOf(position)).toThrow(damaged);
  });
});

describe('an event of the log', () => {
  it('has revision and position as numbers, and its id in lower case', () => {
    expect(loggedEvent(recorded)).toEqual({
      position: 7,
      stream: 'ticket-1',
      revision: 3,
      id: recorded.id.toLowerCase(),
      type: 'crm.T',
      data: recorded.data,
    });
  });

  it.each([
    ['was rendered as JSON', { ...recorded, isJson: true as const, data: {} }],
    ['has no position', { ...recorded, position: undefined }],
    ['deletes its stream', { ...recorded, type: '$streamDeleted', revision: 2n ** 63n - 1n }],
  ])('is refused when it %s', (_, event) => {
    expect(() => loggedEvent(event)).toThrow(damaged);
  });
});
