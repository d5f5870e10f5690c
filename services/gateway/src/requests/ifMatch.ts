import { invalidInput, Problem } from '@rapport/platform';
import type { GatewayRequest } from './gatewayRequest.ts';

const ETAG = /^"(0|[1-9]\d{0,15})"$/;

/** The revision that If-Match demands; undefined for none, or `*`. @throws Problem when it is no ETag of ours */
export function ifRevisionOf(request: GatewayRequest): number | undefined {
  const sent = request.headers['if-match'];
  if (sent === undefined || sent === '*') return undefined;
  const match = ETAG.exec(sent);
  if (match !== null) return Number(match[1]);
  // RFC 9110, 13.1.1: a weak tag never matches.
  if (/^W\/"[^"]*"$/.test(sent)) {
    throw new Problem({
      kind: 'precondition-failed',
      detail: 'A weak ETag never matches. Send the ETag as it was answered.',
      errors: [{ field: 'If-Match', message: 'must not be weak' }],
    });
  }
  throw invalidInput('If-Match', 'must be one ETag as it was answered, in quotes: "3"');
}

/** @throws Problem when If-Match is sent to what addresses no existing record: ignoring it would be a lie */
export function refuseIfMatch(request: GatewayRequest): void {
  if (request.headers['if-match'] === undefined) return;
  throw invalidInput(
    'If-Match',
    'is not understood here: this request does not address a record with an ETag',
  );
}
