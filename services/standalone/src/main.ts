import { mkdirSync } from 'node:fs';
import { startOfDay } from '@rapport/calendar';
import { systemClock } from '@rapport/platform';
import { pino } from 'pino';
import { StandaloneMetrics } from './composition/metrics.ts';
import { startStandalone, TENANT } from './composition/standalone.ts';
import { announceServer, withdrawServer } from './composition/serverFile.ts';
import { demoActor } from '@rapport/service-gateway';
import { EXIT, exitOf, nestLogger } from '@rapport/hosting';
import { parseOptions, USAGE, type StandaloneOptions } from './cli/options.ts';
import { demoBegins } from './demo/demoPlan.ts';
import { fillWithDemo } from './demo/fillWithDemo.ts';
import { openGateway } from './composition/httpGateway.ts';
import { readSummary } from './summary/summary.ts';
import { summaryText } from './summary/printSummary.ts';

const { stdout, stderr } = process;

async function run(options: StandaloneOptions): Promise<void> {
  const log = pino({ level: process.env['RAPPORT_LOG_LEVEL'] ?? 'warn' }, pino.destination(2));
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        // The second time somebody really means it; the stores survive it.
        if (stopping.signal.aborted) process.exit(130);
        stdout.write('\nstopping…\n');
        stopping.abort();
        resolve();
      });
    }
  });

  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const bornAt = options.empty ? undefined : startOfDay(demoBegins(systemClock.now()));
  const logger = nestLogger(log);
  const metrics = new StandaloneMetrics(log);
  const standalone = await startStandalone(options.data, metrics.alert, {
    bornAt,
    logger,
    cacheMb: options.cacheMb,
    inform: metrics.inform,
  });
  let gateway: Awaited<ReturnType<typeof openGateway>> | undefined;
  try {
    gateway = await openGateway(standalone, options.port, { logger, metrics });
    announceServer(options.data, gateway.url);
    if (!options.empty) await fillWithDemo(standalone, stopping.signal, stdout);
    gateway.ready();
    const { logId, index } = await standalone.runtime.ledger.head();
    const summary = await readSummary(standalone.transport, demoActor('administrator'), {
      logId,
      events: index + 1,
    });
    stdout.write(summaryText(summary, gateway.url));
    stdout.write(`\nReady. Data in ${options.data} (tenant ${TENANT}). Ctrl-C stops it.\n`);
    await stopped;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    withdrawServer(options.data);
    await gateway?.close();
    await standalone.close();
  }
  stdout.write('stopped.\n');
}

try {
  const options = parseOptions(process.argv.slice(2), process.cwd());
  if (options === 'help') stdout.write(`${USAGE}\n`);
  else await run(options);
} catch (error) {
  const { code, line } = exitOf(error);
  stderr.write(`rapport: ${line}\n`);
  process.exitCode = code;
}
// Worker threads and sockets are closed by now; anything left would be a leak that keeps the terminal.
if (process.exitCode === EXIT.software) process.exit();
