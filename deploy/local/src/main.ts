import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, exitOf, UsageError } from '@rapport/hosting';
import { systemTimers } from '@rapport/platform';
import { announceServer, summaryText, withdrawServer } from '@rapport/service-standalone';
import { DemoUser } from './demoUser.ts';
import { httpSummary } from './httpSummary.ts';
import { LocalDeployment } from './localDeployment.ts';
import { ProcessNotReady } from './localProcess.ts';
import { whereItListens } from './whereItListens.ts';
import { untilViewsAreThere } from './untilViewsAreThere.ts';

const USAGE = `npm run start:services -- [--empty] [--data DIR] [--port N]
npm run start:services -- --restore [--erased FILE] [--keys-of LOGID] [--data DIR]
  --empty     start without the samples and the demo
  --data DIR  keep everything in DIR (default ./data-services)
  --port N    the gateway listens on 127.0.0.1:N (default 3000)
  --restore   after DIR was put back from a backup: make its log one of its own, and end
  --erased FILE    with --restore: erase again who was erased after the backup, a line each, "<customerId> <personId>"
  --keys-of LOGID  with --restore: the keys are bound to this log, which came of the same older one as the backup`;

const { stdout, stderr } = process;

async function run(args: readonly string[]): Promise<void> {
  const { data, port, empty, restore } = options(args);
  const stopping = new AbortController();
  const stopped = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stopping.abort();
        stop();
      });
    }
  });
  stdout.write('engines: NATS and FerretDB…\n');
  const deployment = await LocalDeployment.prepare({ folder: data, ...(restore === undefined && { port }) });
  try {
    if (restore !== undefined) return await deployment.restore(restore, stdout);
    await deployment.startEngines();
    if (!empty) await deployment.seed(stdout);
    await deployment.startServices();
    announceServer(data, deployment.url);
    stdout.write(whereItListens(deployment));
    const administrator = await DemoUser.signIn(deployment.url, 'administrator');
    await untilViewsAreThere(administrator, systemTimers);
    stdout.write(summaryText(await httpSummary(administrator), deployment.url));
    stdout.write(`\nReady. Data and logs in ${data}. Ctrl-C stops everything.\n`);
    await stopped;
    stdout.write('\nstopping…\n');
  } catch (error) {
    // Ctrl-C reaches what is starting, too.
    if (!(stopping.signal.aborted && error instanceof ProcessNotReady)) throw error;
  } finally {
    withdrawServer(data);
    await deployment.stop();
  }
  stdout.write('stopped.\n');
}

function options(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        empty: { type: 'boolean' },
        data: { type: 'string' },
        port: { type: 'string' },
        restore: { type: 'boolean' },
        erased: { type: 'string' },
        'keys-of': { type: 'string' },
      },
    });
    const port = Number(values.port ?? '3000');
    if (!Number.isSafeInteger(port) || port < 1 || port > 65_535) {
      throw new UsageError('--port must be a number from 1 to 65535');
    }
    const restoring = (['erased', 'keys-of'] as const).flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`--${name}`, value];
    });
    if (values.restore !== true && restoring.length > 0) {
      throw new UsageError('--erased and --keys-of go with --restore');
    }
    return {
      data: resolve(values.data ?? 'data-services'),
      port,
      empty: values.empty === true,
      restore: values.restore === true ? restoring : undefined,
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const { code, line } =
    error instanceof ProcessNotReady
      ? { code: error.exitCode ?? EXIT.unavailable, line: error.message }
      : exitOf(error);
  stderr.write(`rapport: ${line}\n`);
  process.exitCode = code;
}
