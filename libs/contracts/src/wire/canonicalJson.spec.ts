import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, canonicalJson, NotCanonicalError, type JsonValue } from './canonicalJson.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/canonical-json.json', import.meta.url), 'utf8'),
) as {
  accepted: { name: string; json: string; canonical: string; sha256: string }[];
  refused: { name: string; json: string; at: string }[];
};

/** Any text of NFC, control characters, names that look like numbers and text beyond the BMP included. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((t) => t.normalize('NFC'))
  .filter((t) => t.normalize('NFC') === t);
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(text, fc.nat().map(String)), tie('value'), { maxKeys: 6 }),
  ) as fc.Arbitrary<JsonValue>,
})).value;

describe('Canonical JSON, contract «RFC 8785: sorted keys, safe integers, text in NFC»', () => {
  it.each(vectors.accepted)('writes $name', ({ json: input, canonical, sha256 }) => {
    expect(canonicalJson(JSON.parse(input) as JsonValue)).toBe(canonical);
    expect(
      createHash('sha256')
        .update(canonicalBytes(JSON.parse(input) as JsonValue))
        .digest('hex'),
    ).toBe(sha256);
  });

  it.each(vectors.refused)('refuses $name and says where', ({ json: input, at }) => {
    expect(() => canonicalJson(JSON.parse(input) as JsonValue)).toThrow(
      expect.objectContaining({ name: 'NotCanonicalError', path: at }),
    );
  });

  it.each([NaN, Infinity, -Infinity, 10n, Symbol('x'), () => 1])(
    'refuses %p, which JSON cannot hold',
    (value) => {
      expect(() => canonicalJson({ value } as unknown as JsonValue)).toThrow(NotCanonicalError);
    },
  );

  it('leaves undefined properties out', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it('never puts the value into the error', () => {
    expect(() => canonicalJson({ phone: 'secret\ud800' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });

  it('agrees with npm canonicalize on everything it accepts', () => {
    fc.assert(
      fc.property(json, (value) => {
        const ours = canonicalJson(value);
        expect(ours).toBe(canonicalize(value));
        expect(canonicalJson(JSON.parse(ours) as JsonValue)).toBe(ours);
      }),
      { numRuns: 500 },
    );
  });
});
