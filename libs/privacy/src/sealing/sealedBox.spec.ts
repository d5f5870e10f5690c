import { describe, expect, it } from '@jest/globals';
import { createDecipheriv, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JsonValue, SealedValue } from '@rapport/contracts';
import { authenticatedData, pointerOf, type SealingContext } from './authenticatedData.ts';
import { sealValue, unsealValue } from './sealedBox.ts';

const { vectors } = JSON.parse(
  readFileSync(new URL('../../../contracts/vectors/sealed-field.json', import.meta.url), 'utf8'),
) as {
  vectors: {
    key: string;
    nonce: string;
    context: SealingContext;
    type: string;
    pointer: string;
    ownerId: string;
    kid: string;
    value: JsonValue;
    plaintext: string;
    aad: string;
    sealed: SealedValue;
  }[];
};

describe('Sealed field, contract «A256GCM, v: 2 bound to its event and its owner too, v: 1 stays readable»', () => {
  it.each(vectors)('of form $sealed.v, $type $pointer, is the committed one', (vector) => {
    const key = createSecretKey(Buffer.from(vector.key, 'hex'));
    const { v } = vector.sealed;
    const aad = authenticatedData(v, vector.context, vector.type, vector.pointer, vector.ownerId);
    expect(aad).toBe(vector.aad);
    expect(pointerOf(aad)).toBe(vector.pointer);
    const nonce = Buffer.from(vector.nonce, 'hex');
    expect(sealValue(v, { kid: vector.kid, key }, nonce, aad, vector.value)).toEqual(vector.sealed);
    expect(unsealValue(key, aad, vector.sealed)).toEqual(vector.value);
  });

  it.each(vectors)(
    'of form $sealed.v, $type $pointer, opens with nothing but AES-256-GCM',
    ({ key, aad, sealed, plaintext }) => {
      const bytes = Buffer.from(sealed.ct, 'base64url');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        Buffer.from(key, 'hex'),
        Buffer.from(sealed.nonce, 'base64url'),
        { authTagLength: 16 },
      );
      decipher.setAAD(Buffer.from(aad));
      decipher.setAuthTag(bytes.subarray(-16));
      const text = decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
      expect(text).toBe(plaintext);
    },
  );

  it('takes no nonce of another length', () => {
    const key = createSecretKey(Buffer.alloc(32));
    expect(() => sealValue(1, { kid: 'main/person/p/1', key }, Buffer.alloc(16), 'a', 'x')).toThrow(
      '12 bytes',
    );
  });
});
