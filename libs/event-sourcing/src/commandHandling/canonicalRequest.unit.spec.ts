import { describe, expect, it } from '@jest/globals';
import { canonicalRequest } from './canonicalRequest.ts';

describe('the request that an HMAC covers', () => {
  it('is the same for the same request, whatever the order of its fields', () => {
    expect(canonicalRequest('Do', { b: 1, a: '二' }, undefined)).toBe(
      canonicalRequest('Do', { a: '二', b: 1 }, undefined),
    );
    expect(canonicalRequest('Do', { a: 1 }, undefined)).not.toBe(canonicalRequest('Do', { a: 1 }, 0));
    expect(canonicalRequest('Do', { a: 1 }, undefined)).not.toBe(
      canonicalRequest('Undo', { a: 1 }, undefined),
    );
  });

  it.each([
    ['a fraction', { value: { hours: 1.5 } }, 'value.hours'],
    ['text not in NFC', { contacts: [{ fullName: 'e\u0301' }] }, 'contacts.0.fullName'],
    ['a lone surrogate', { text: '\ud800' }, 'text'],
  ])('refuses %s by field and without its value', (_what, payload, field) => {
    expect(() => canonicalRequest('Do', payload, undefined)).toThrow(
      expect.objectContaining({
        kind: 'invalid-input',
        details: expect.objectContaining({ errors: [{ field, message: expect.any(String) }] }),
      }),
    );
  });
});
