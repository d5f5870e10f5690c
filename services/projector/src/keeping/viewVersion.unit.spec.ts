import { describe, expect, it } from '@jest/globals';
import { answeringVersion, leftOverVersions, nextVersion, wantedVersions } from './viewVersion.ts';

const code = { version: 1 };

describe('which versions of a view this code answers from, keeps and gives up', () => {
  it.each([
    ['as usual', { live: 1_001, beside: 1_000, all: [1_000, 1_001] }, 1_001, [1_001, 1_000], []],
    [
      'after a rebuild',
      { live: 1_001, beside: 1_002, all: [1_000, 1_001, 1_002] },
      1_001,
      [1_001, 1_002],
      [1_000],
    ],
    ['when newer code is live', { live: 2_000, beside: 1_001, all: [1_001, 2_000] }, 1_001, [1_001], []],
    ['while newer code builds', { live: 1_000, all: [1_000, 2_000] }, 1_000, [1_000], []],
    [
      'long after newer code came',
      { live: 2_001, beside: 2_000, all: [1_001, 2_000, 2_001] },
      undefined,
      [],
      [1_001],
    ],
    ['at first', { live: undefined, all: [] }, undefined, [], []],
  ])('%s', (_when, versions, answering, wanted, left) => {
    expect(answeringVersion(versions, code)).toBe(answering);
    expect(wantedVersions(versions, code)).toEqual(wanted);
    expect(leftOverVersions(versions, code)).toEqual(left);
  });

  it('numbers builds of this code on, whatever other code has built', () => {
    expect(nextVersion([1_000, 1_004, 2_000], code)).toBe(1_005);
  });
});
