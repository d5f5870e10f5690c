import { describe, expect, it } from '@jest/globals';
import { BSON } from 'mongodb';
import { MAX_DOCUMENT_BYTES } from '../documents/documentText.ts';
import { storedDocument } from './storedDocument.ts';

/** What the server takes. */
const LARGEST = 16 * 1024 * 1024;

describe('the largest document', () => {
  it.each<[string, unknown, number]>([
    ['digits', 1, 2],
    ['fractions', 0.5, 4],
    ['empty objects', {}, 3],
    ['empty lists', [], 3],
    ['empty texts', '', 3],
    ['truths', true, 5],
    ['nothing', null, 5],
  ])('fits into one of MongoDB’s where it is a list of %s', (_, item, bytes) => {
    const list = Array.from({ length: Math.floor((MAX_DOCUMENT_BYTES - 20) / bytes) }, () => item);
    const stored = storedDocument({ key: 'k', index: 1, body: { list } });
    expect(Buffer.byteLength(JSON.stringify(stored.body))).toBeGreaterThan(MAX_DOCUMENT_BYTES - 32);
    expect(BSON.calculateObjectSize(stored)).toBeLessThan(LARGEST);
  });

  it('fits where it is an object of short names', () => {
    const body: Record<string, number> = {};
    for (let n = 0, size = 2; size < MAX_DOCUMENT_BYTES - 20; n++) {
      const name = n.toString(36);
      body[name] = 0;
      size += name.length + 5;
    }
    expect(BSON.calculateObjectSize(storedDocument({ key: 'k', index: 1, body }))).toBeLessThan(LARGEST);
  });
});
