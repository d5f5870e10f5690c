import { canonicalJson, NotCanonicalError, type JsonValue } from '@rapport/contracts';
import { invalidInput } from '@rapport/platform';

/**
 * The request as its HMAC covers it.
 *
 * @throws Problem `invalid-input` naming the field that no event could hold: a fraction, text not in NFC
 */
export function canonicalRequest(name: string, payload: JsonValue, ifRevision: number | undefined): string {
  try {
    return canonicalJson([name, payload, ifRevision ?? null]);
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
    // The path begins with the payload's place in the list: `/1/value/interactionHours`.
    const field = error.path.split('/').slice(2).join('.');
    throw invalidInput(field, error.message.slice(error.path.length + 1));
  }
}
