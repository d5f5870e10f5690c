import { describe, expect, it } from '@jest/globals';
import { StoreError } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import { ViewStoreError } from '../viewStoreError.ts';
import { failureText } from './failureText.ts';

describe('a failure as operators see it', () => {
  it.each([
    ['ViewStoreError invalid', new ViewStoreError('invalid', '李雷')],
    ['StoreError damaged', new StoreError('damaged', '李雷')],
    ['Problem internal', new Problem({ kind: 'internal', detail: '李雷' })],
    ['RangeError', new RangeError('李雷')],
    ['Error ENOSPC', Object.assign(new Error('李雷'), { code: 'ENOSPC' })],
    ['Error', Object.assign(new Error('李雷'), { code: '李雷 is no code' })],
    ['string', '李雷'],
  ])('R-100 is %s: its name and code, never its message', (text, error) => {
    expect(failureText(error)).toBe(text);
  });
});
