import { Agent, request } from 'node:http';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { openTicketBody, respondBody } from './commandBodies.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import type { LoadJob, LoadResult } from './loadJob.ts';

/**
 * Sends commands at an even rate, whether or not earlier ones are answered (an open model): latencies count from the
 * moment at which a command was due.
 */
export async function evenLoad(job: LoadJob, perSecond: number): Promise<LoadResult> {
  const latencies = new LatencyHistogram();
  const statuses: Record<string, number> = {};
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const cpu = process.cpuUsage();
  const start = systemMonotonicClock.now();
  const sent: Promise<void>[] = [];
  const { warmUpSeconds = 0 } = job;
  const timedFrom = start + warmUpSeconds * 1_000;
  for (let n = 0; n < perSecond * (warmUpSeconds + job.seconds); n += 1) {
    const due = start + (n * 1_000) / perSecond;
    const wait = due - systemMonotonicClock.now();
    if (wait > 0) await systemTimers.sleep(wait);
    sent.push(
      send(job, agent, n).then((status) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (isGood(status) && due >= timedFrom) latencies.record(systemMonotonicClock.now() - due);
      }),
    );
  }
  await Promise.all(sent);
  agent.destroy();
  const elapsedMs = systemMonotonicClock.now() - start;
  const used = process.cpuUsage(cpu);
  const succeeded = Object.entries(statuses).reduce(
    (sum, [status, count]) => sum + (isGood(status) ? count : 0),
    0,
  );
  return {
    perSecond: succeeded / (elapsedMs / 1000),
    p50Ms: latencies.percentile(0.5),
    p99Ms: latencies.percentile(0.99),
    succeeded,
    failed: sent.length - succeeded,
    statuses,
    generatorBusy: (used.user + used.system) / 1000 / elapsedMs,
  };
}

const isGood = (status: string): boolean => status.startsWith('2');

/** Half open a ticket, half respond to one. @returns the status, or the code of the failure */
function send({ port, token, customers, tickets }: LoadJob, agent: Agent, n: number): Promise<string> {
  const opens = n % 2 === 0;
  const path = opens ? '/api/tickets' : `/api/tickets/${tickets[(n >> 1) % tickets.length]}/responses`;
  const body = JSON.stringify(opens ? openTicketBody(customers[n % customers.length]!, n) : respondBody(n));
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
    };
    request({ host: '127.0.0.1', port, method: 'POST', path, agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(String(response.statusCode)));
      response.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    })
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name))
      .end(body);
  });
}
