import { describe, expect, it } from '@jest/globals';
import { CLAIM_MS, Claims } from './claims.ts';

describe('what is handed out to sweepers', () => {
  it('is kept from others for a while, and may be asked for again by who has it', () => {
    let now = 0;
    const claims = new Claims({ now: () => now });
    expect(claims.take('due', 'a')).toBe(true);
    expect(claims.take('due', 'b')).toBe(false);
    expect(claims.take('other', 'b')).toBe(true);
    now = CLAIM_MS - 1;
    expect(claims.take('due', 'a')).toBe(true);
    // Asked for again, it is kept for as long again.
    now = CLAIM_MS;
    expect(claims.take('due', 'b')).toBe(false);
    expect(claims.take('other', 'a')).toBe(true);
    now = 2 * CLAIM_MS;
    expect(claims.take('due', 'b')).toBe(true);
  });
});
