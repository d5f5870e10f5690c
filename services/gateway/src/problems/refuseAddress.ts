import type { FastifyReply, FastifyRequest } from 'fastify';

const DOCUMENT = JSON.stringify({
  type: 'urn:rapport:problem:bad-request',
  title: 'The request is malformed',
  status: 400,
  detail: 'The address is malformed or too long.',
  errors: [
    { field: 'address', message: 'must be percent-encoded UTF-8, with ids of at most 100 characters' },
  ],
});

/** Answers what the router refuses before anything of Nest runs: an address that is malformed, or too long. */
export function refuseAddress(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).header('content-type', 'application/problem+json').send(DOCUMENT);
}
