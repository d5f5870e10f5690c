import { Problem } from '@rapport/platform';
import type { FastifyInstance } from 'fastify';

/**
 * While the server closes: what is under way is answered as the last on its connection, and what still comes is told
 * to come again. Without it a connection whose answer was under way stays open, kept alive, and closing waits for the
 * client to let go of it.
 */
export function lastAnswers(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onRequest', (_request, _reply, done) => done(closing ? stopping() : undefined));
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

function stopping(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'Rapport is stopping. Send the request again.',
    retryAfter: 1,
  });
}
