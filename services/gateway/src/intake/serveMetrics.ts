import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** Serves what Prometheus asks for beside the API: for a process that has no other port. */
export function serveMetrics(server: FastifyInstance, metrics: Registry): void {
  server.get('/metrics', async (_request, reply) => {
    const text = await metrics.metrics();
    return reply.type(metrics.contentType).send(text);
  });
}
