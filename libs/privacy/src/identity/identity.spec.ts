import { describe, expect, it } from '@jest/globals';
import { v5 } from 'uuid';
import { blindIndex } from './blindIndex.ts';
import { externalStreamId } from './externalStreamId.ts';
import { requestHmac } from './requestHmac.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const other = new Uint8Array(32);

describe('Identity by secrets', () => {
  it('tells requests apart and does not mind the order of their fields', () => {
    const one = requestHmac(secret, 'main', { a: 1, b: '2' });
    expect(requestHmac(secret, 'main', { b: '2', a: 1 })).toBe(one);
    expect(one).toMatch(/^[\w-]{43}$/);
    for (const another of [
      requestHmac(secret, 'main', { a: 1, b: '3' }),
      requestHmac(secret, 'other', { a: 1, b: '2' }),
      requestHmac(other, 'main', { a: 1, b: '2' }),
    ]) {
      expect(another).not.toBe(one);
    }
  });

  it('derives stream ids of foreign ids as UUIDv5 in the secret namespace, per system', () => {
    const id = externalStreamId(secret, 'erp', '4711');
    expect(id).toBe(v5('["erp","4711"]', secret.subarray(0, 16)));
    expect(externalStreamId(secret, 'crm', '4711')).not.toBe(id);
    expect(externalStreamId(other, 'erp', '4711')).not.toBe(id);
  });

  it('indexes equal values equally, per field, tenant and key', () => {
    const index = blindIndex(secret, 'main', 'phone', '+8613800138000');
    expect(index).toMatch(/^[\w-]{22}$/);
    expect(blindIndex(secret, 'main', 'phone', '+8613800138000')).toBe(index);
    expect(blindIndex(secret, 'main', 'fax', '+8613800138000')).not.toBe(index);
    expect(blindIndex(secret, 'other', 'phone', '+8613800138000')).not.toBe(index);
    expect(blindIndex(other, 'main', 'phone', '+8613800138000')).not.toBe(index);
    expect(blindIndex(secret, 'main', 'name', 'e\u0301')).toBe(blindIndex(secret, 'main', 'name', '\u00e9'));
  });
});
