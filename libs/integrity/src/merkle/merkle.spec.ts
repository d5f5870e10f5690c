import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import { leafHash } from './leafHash.ts';
import { nodeHash } from './nodeHash.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../contracts/vectors/merkle.json', import.meta.url), 'utf8'),
) as {
  leaves: {
    logId: string;
    index: number;
    stream: string;
    revision: number;
    id: string;
    data: string;
    leaf: string;
  }[];
  nodes: { left: string; right: string; node: string }[];
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('Merkle tree, contract «leaf = SHA-256(0x00 ‖ JCS{…})»', () => {
  it.each(vectors.leaves)('makes the committed leaf of index $index', ({ data, leaf, ...place }) => {
    expect(hex(leafHash({ ...place, data: Buffer.from(data, 'utf8') }))).toBe(leaf);
    // The same by npm's canonicalize and a streaming hash, which share nothing with ours.
    const sha256 = createHash('sha256').update(data, 'utf8').digest('hex');
    const independent = createHash('sha256')
      .update('\0')
      .update(canonicalize({ ...place, sha256 })!);
    expect(independent.digest('hex')).toBe(leaf);
  });

  it.each(vectors.nodes)('makes the committed node $node', ({ left, right, node }) => {
    expect(hex(nodeHash(Buffer.from(left, 'hex'), Buffer.from(right, 'hex')))).toBe(node);
  });

  it('changes with every part of the leaf, and with the order of children', () => {
    const leaf = { logId: 'l', index: 1, stream: 's-1', revision: 0, id: 'i', data: Buffer.from('{}') };
    const changed = [
      leaf,
      { ...leaf, logId: 'm' },
      { ...leaf, index: 2 },
      { ...leaf, stream: 's-2' },
      { ...leaf, revision: 1 },
      { ...leaf, id: 'j' },
      { ...leaf, data: Buffer.from('[]') },
    ].map((each) => hex(leafHash(each)));
    expect(new Set(changed).size).toBe(changed.length);
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(hex(nodeHash(a, b))).not.toBe(hex(nodeHash(b, a)));
  });
});
