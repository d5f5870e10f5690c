/** The letters of GB 32100-2015: no I, O, S, V, Z. Its place is a character's value. */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** 3^i mod 31. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;

/**
 * The check character that GB 32100-2015 gives to the first 17 characters of a unified social credit code
 * (统一社会信用代码): (31 − Σ value·weight mod 31) mod 31. Undefined for text that is no such beginning.
 */
export function creditCodeCheckCharacter(first17: string): string | undefined {
  if (first17.length !== WEIGHTS.length) return undefined;
  let sum = 0;
  for (let i = 0; i < WEIGHTS.length; i += 1) {
    const value = CHARACTERS.indexOf(first17[i]!);
    if (value < 0) return undefined;
    sum += value * WEIGHTS[i]!;
  }
  return CHARACTERS[(31 - (sum % 31)) % 31];
}

/** whether `code` has 18 characters of GB 32100-2015 and the right check character. */
export function isUnifiedSocialCreditCode(code: string): boolean {
  return code.length === 18 && creditCodeCheckCharacter(code.slice(0, 17)) === code[17];
}
