import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonValue } from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import fc from 'fast-check';
import { parseJsonBody } from './jsonBody.ts';

const read = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe('reading a JSON body', () => {
  it('what is taken can be written as canonical JSON; what is not is refused by name', () => {
    const json = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.jsonValue({ stringUnit: 'binary' }),
    );
    fc.assert(
      fc.property(json, (body) => {
        let taken: unknown;
        try {
          taken = read(JSON.stringify(body));
        } catch (refused) {
          expect(refused).toBeInstanceOf(Problem);
          expect((refused as Problem).details.errors).toHaveLength(1);
          return;
        }
        expect(() => canonicalJson(taken as JsonValue)).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  it('brings text into NFC, however deep', () => {
    expect(read('{"a":["e\\u0301",{"b":"e\u0301"}]}')).toEqual({ a: ['é', { b: 'é' }] });
  });

  it('knows one zero only', () => {
    expect(Object.is((read('{"n":-0}') as { n: number }).n, 0)).toBe(true);
  });

  it.each(['{"a":9007199254740993}', '{"a":0.5}', '{"a":1e400}'])('refuses the number in %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'invalid-input' }));
  });

  it('takes an empty body for none', () => {
    expect(read('')).toBeUndefined();
  });
});
