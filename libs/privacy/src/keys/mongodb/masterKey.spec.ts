import { describe, expect, it } from '@jest/globals';
import { systemRandom } from '@rapport/platform';
import { MasterKey } from './masterKey.ts';

const bytes = systemRandom.bytes(32);
const master = new MasterKey(bytes, systemRandom);

describe('the master key', () => {
  it('opens what it wrapped, which holds nothing of it in clear', () => {
    const key = systemRandom.bytes(32);
    const wrapped = master.wrap('main/person/p-1/1', key);
    expect(master.unwrap('main/person/p-1/1', wrapped)).toEqual(Buffer.from(key));
    expect(wrapped.includes(Buffer.from(key))).toBe(false);
    expect(master.wrap('main/person/p-1/1', key)).not.toEqual(wrapped);
  });

  it('opens nothing under another name, by another master key, or with one bit changed', () => {
    const wrapped = master.wrap('main/person/p-1/1', systemRandom.bytes(32));
    expect(master.unwrap('main/person/p-2/1', wrapped)).toBeUndefined();
    expect(
      new MasterKey(systemRandom.bytes(32), systemRandom).unwrap('main/person/p-1/1', wrapped),
    ).toBeUndefined();
    for (const at of [0, 20, wrapped.length - 1]) {
      const changed = Buffer.from(wrapped);
      changed[at]! ^= 1;
      expect(master.unwrap('main/person/p-1/1', changed)).toBeUndefined();
    }
    expect(master.unwrap('main/person/p-1/1', Buffer.alloc(27))).toBeUndefined();
  });

  it('has 32 bytes', () => {
    expect(() => new MasterKey(bytes.subarray(1), systemRandom)).toThrow('31 bytes, not 32');
  });
});
