import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { creditCodeCheckCharacter, isUnifiedSocialCreditCode } from './unifiedSocialCreditCode.ts';

const CHARACTERS = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
const beginning = fc.array(fc.constantFrom(...CHARACTERS), { minLength: 17, maxLength: 17 });

describe('R-001 the unified social credit code (GB 32100)', () => {
  it.each(['91350100M000100Y43', '914403001922038216', '91110000802100433B'])(
    'R-001 %s is in order',
    (code) => expect(isUnifiedSocialCreditCode(code)).toBe(true),
  );

  it('R-001 every beginning has one check character', () => {
    fc.assert(
      fc.property(beginning, (first) => {
        const text = first.join('');
        const fitting = CHARACTERS.filter((last) => isUnifiedSocialCreditCode(text + last));
        expect(fitting).toEqual([creditCodeCheckCharacter(text)]);
      }),
      { numRuns: 200 },
    );
  });

  it('R-001 one wrong character is always noticed', () => {
    fc.assert(
      fc.property(beginning, fc.nat(16), fc.constantFrom(...CHARACTERS), (first, place, other) => {
        fc.pre(first[place] !== other);
        const wrong = first.with(place, other).join('');
        expect(isUnifiedSocialCreditCode(wrong + creditCodeCheckCharacter(first.join('')))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('R-001 two neighbours exchanged are always noticed', () => {
    fc.assert(
      fc.property(beginning, fc.nat(15), (first, place) => {
        fc.pre(first[place] !== first[place + 1]);
        const wrong = first
          .with(place, first[place + 1]!)
          .with(place + 1, first[place]!)
          .join('');
        expect(isUnifiedSocialCreditCode(wrong + creditCodeCheckCharacter(first.join('')))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('R-001 letters that the standard leaves out, and other lengths, are refused', () => {
    for (const text of ['', '9135', '91350100M000100Y4', 'I1350100M000100Y43', '91350100M000100Y433']) {
      expect(isUnifiedSocialCreditCode(text)).toBe(false);
    }
  });
});
