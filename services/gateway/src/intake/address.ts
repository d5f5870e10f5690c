import { invalidInput } from '@rapport/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A query string that is not percent-encoded UTF-8 would otherwise be taken as it stands. */
export function assertUtf8Address(
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
  done();
}
