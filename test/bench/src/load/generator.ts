import autocannon from 'autocannon';
import { systemMonotonicClock } from '@rapport/platform';
import { openTicketBody, respondBody } from './commandBodies.ts';
import { evenLoad } from './evenLoad.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import type { LoadJob, LoadResult } from './loadJob.ts';

// Runs in a process of its own: one job, one result, then it ends.
process.once('message', (job: LoadJob) => {
  const work = job.perSecond === undefined ? generate(job) : evenLoad(job, job.perSecond);
  void work.then((result) => process.send?.(result, () => process.disconnect()));
});

async function generate(job: LoadJob): Promise<LoadResult> {
  const latencies = new LatencyHistogram();
  const statuses: Record<string, number> = {};
  let succeeded = 0;
  let answered = 0;
  let connection = 0;
  const cpu = process.cpuUsage();
  const start = systemMonotonicClock.now();
  const run = autocannon({
    url: `http://127.0.0.1:${job.port}`,
    connections: job.connections,
    duration: job.seconds,
    setupClient(client) {
      client.setRequests(requestsOf(job, connection));
      connection += 1;
      client.on('response', (status: number, _bytes: number, ms: number) => {
        answered += 1;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status < 200 || status > 299) return;
        succeeded += 1;
        latencies.record(ms);
      });
    },
  });
  const outcome = await run;
  const elapsedMs = systemMonotonicClock.now() - start;
  const used = process.cpuUsage(cpu);
  return {
    perSecond: succeeded / (elapsedMs / 1000),
    p50Ms: latencies.percentile(0.5),
    p99Ms: latencies.percentile(0.99),
    succeeded,
    failed: answered - succeeded + outcome.errors + outcome.timeouts,
    statuses,
    generatorBusy: (used.user + used.system) / 1000 / elapsedMs,
  };
}

/** The commands of one connection, built before the run: opening and responding in turn, over and over. */
function requestsOf(job: LoadJob, connection: number): autocannon.Request[] {
  const own = job.tickets.filter((_, n) => n % job.connections === connection);
  if (own.length === 0) throw new Error(`connection ${connection} has no ticket to respond to`);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${job.token}` };
  const pairs = own.map((ticket, i): autocannon.Request[] => {
    const n = connection + i * job.connections;
    const customer = job.customers[n % job.customers.length]!;
    return [
      { method: 'POST', path: '/api/tickets', headers, body: JSON.stringify(openTicketBody(customer, n)) },
      {
        method: 'POST',
        path: `/api/tickets/${ticket}/responses`,
        headers,
        body: JSON.stringify(respondBody(n)),
      },
    ];
  });
  // Every other connection starts by responding, so that they do not march in step.
  return (connection % 2 === 0 ? pairs : pairs.map((pair) => pair.toReversed())).flat();
}
