import type { FastifyReply, FastifyRequest } from 'fastify';

const API = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** The documentation page loads its own scripts and styles, and nothing from elsewhere. */
const PAGES = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
} as const;

/** What browsers are to know: nothing is kept, guessed, framed or loaded from elsewhere. */
export function securityHeaders(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.headers(request.url.startsWith('/docs') ? PAGES : API);
  done();
}
