import { describe, expect, it } from '@jest/globals';
import { Fenced, ViewStoreError } from '@rapport/views';
import { fromViews } from './fromViews.ts';

const failing = (error: Error) => fromViews(() => Promise.reject(error));

describe('what readers are told when views fail', () => {
  it('answers what the views answer', async () => {
    expect(await fromViews(async () => 7)).toBe(7);
  });

  it.each([
    ['a store that is away', new ViewStoreError('unavailable', 'MongoDB at db:27017 does not answer')],
    ['a full store', new ViewStoreError('full', 'no space')],
    ['a store that fails in a way nobody knows', new ViewStoreError('unexpected', 'InternalError (1)')],
    ['a projector that stops', new ViewStoreError('closed', 'closed')],
    ['a tenure that has just ended', new Fenced('lease', 'tiers@1', 3)],
  ])('%s is unavailable, with a time to come again and without its words', async (_what, error) => {
    await expect(failing(error)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfter: expect.any(Number), detail: expect.not.stringContaining(error.message) },
    });
  });

  it('leaves a defect a defect', async () => {
    const defect = new ViewStoreError('invalid', 'no such field');
    await expect(failing(defect)).rejects.toBe(defect);
  });
});
