import { Histogram, type Registry } from 'prom-client';
import type { AnsweredRequest } from '../startGateway.ts';

/** Requests by the template of their route, never by their address: that names customers. */
export function observeRequests(metrics: Registry): (answered: AnsweredRequest) => void {
  const seconds = new Histogram({
    name: 'rapport_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
  return ({ route, method, status, seconds: passed }) =>
    seconds.observe({ route, method, status: String(status) }, passed);
}
