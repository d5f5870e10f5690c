import { NEVER_FIELDS } from '@rapport/contracts';
import { invalidInput } from '@rapport/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * A query string that is not percent-encoded UTF-8 would otherwise be taken as it stands, and a parameter that no
 * object can have as a field would be dropped unseen.
 */
export function assertAddress(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  if (request.url.includes('%')) {
    try {
      decodeURIComponent(request.url);
    } catch {
      done(invalidInput('address', 'must be percent-encoded UTF-8'));
      return;
    }
  }
  if (request.url.includes('?')) {
    const never = Object.keys(request.query as object).find((name) => NEVER_FIELDS.has(name));
    if (never !== undefined) {
      done(invalidInput(never, 'is not a known query parameter'));
      return;
    }
  }
  done();
}
