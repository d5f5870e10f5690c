import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { partitionOf } from './partition.ts';
import { formatPositionToken, parsePositionToken } from './positionToken.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));

const partitions = read('partition') as {
  noCustomer: number;
  vectors: { text: string; fnv1a: string; partition: number }[];
};
const tokens = read('position-token') as {
  vectors: { logId: string; position: number; token: string }[];
  refused: string[];
};

/** FNV-1a as its authors write it down, in integers of any size. */
function fnv1a(text: string): bigint {
  return Buffer.from(text, 'utf8').reduce(
    (hash, byte) => ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn,
    0x811c9dc5n,
  );
}

describe('Partition, contract «FNV-1a-32(UTF-8 customer id) mod 32; no customer: 32»', () => {
  it.each(partitions.vectors)('of "$text" is $partition, since its published hash is $fnv1a', (vector) => {
    expect(fnv1a(vector.text).toString(16).padStart(8, '0')).toBe(vector.fnv1a);
    expect(Number(BigInt(`0x${vector.fnv1a}`) % 32n)).toBe(vector.partition);
    expect(partitionOf(vector.text)).toBe(vector.partition);
  });

  it('of no customer is 32', () => {
    expect(partitionOf(undefined)).toBe(partitions.noCustomer);
  });

  it('agrees with the hash in integers of any size, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), fc.string({ unit: 'binary' })), (id) => {
        expect(partitionOf(id)).toBe(Number(fnv1a(id) % 32n));
      }),
    );
  });
});

describe('Position token', () => {
  it.each(tokens.vectors)('is $token', ({ token, ...place }) => {
    expect(formatPositionToken(place)).toBe(token);
    expect(parsePositionToken(token)).toEqual(place);
  });

  it.each(tokens.refused)('is not "%s"', (token) => {
    expect(parsePositionToken(token)).toBeUndefined();
  });
});
