import { mkdirSync } from 'node:fs';
import { startOfDay } from '@rapport/calendar';
import { systemClock } from '@rapport/platform';
import { pino } from 'pino';
import { startStandalone, TENANT, type Standalone } from './composition/standalone.ts';
import { announceServer, withdrawServer } from './composition/serverFile.ts';
import { demoActor } from '@rapport/service-gateway';
import { EXIT, exitOf, nestLogger } from '@rapport/hosting';
import { parseOptions, USAGE, type StandaloneOptions } from './cli/options.ts';
import { ProgressLine } from './cli/progressLine.ts';
import { demoBegins } from './demo/demoPlan.ts';
import { liveDemo } from './demo/liveDemo.ts';
import { importFile } from './import/importFile.ts';
import { takeRowsHere } from './import/takeRowsHere.ts';
import { sampleFiles } from './import/sampleFiles.ts';
import { openGateway } from './composition/httpGateway.ts';
import { readSummary } from './summary/summary.ts';
import { summaryText } from './summary/printSummary.ts';

const { stdout, stderr } = process;

/** Brings in the samples and the demo; what is there already changes nothing. */
async function fill(standalone: Standalone, signal: AbortSignal): Promise<void> {
  const demo = new ProgressLine('演示 demo: two years', stdout);
  standalone.allowDemo(true);
  try {
    const became = await liveDemo({
      ...standalone,
      now: systemClock.now(),
      progress: (day, days) => demo.show(day, days),
      signal,
    });
    if (became === 'own-history') {
      stdout.write(
        'This data folder has a history of its own: no samples, no demo (say --empty to silence this).\n',
      );
      return;
    }
  } finally {
    standalone.allowDemo(false);
  }
  const take = takeRowsHere(standalone, demoActor('administrator'));
  for (const { kind, path } of sampleFiles()) {
    const { imported, repeated, bad } = await importFile(
      { kind, path, dryRun: false, progress: () => undefined },
      take,
    );
    const notes = [
      `${imported} imported`,
      `${repeated} there before`,
      ...(bad.length > 0 ? [`${bad.length} bad`] : []),
    ];
    stdout.write(`样例 samples: ${kind}: ${notes.join(', ')}\n`);
  }
  await standalone.settle();
}

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
  const standalone = await startStandalone(options.data, (alert, facts) => log.error(facts, alert), {
    bornAt,
    logger,
  });
  let gateway: Awaited<ReturnType<typeof openGateway>> | undefined;
  try {
    gateway = await openGateway(standalone, options.port, logger);
    announceServer(options.data, gateway.url);
    if (!options.empty) await fill(standalone, stopping.signal);
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
