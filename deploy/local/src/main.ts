import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOf, UsageError } from '@rapport/hosting';
import { systemTimers } from '@rapport/platform';
import { summaryText } from '@rapport/service-standalone';
import { DemoUser } from './demoUser.ts';
import { httpSummary } from './httpSummary.ts';
import { LocalDeployment } from './localDeployment.ts';
import { untilViewsAreThere } from './untilViewsAreThere.ts';

const USAGE = `npm run start:services -- [--empty] [--data DIR] [--port N]
  --empty     start without the samples and the demo
  --data DIR  keep everything in DIR (default ./data-services)
  --port N    the gateway listens on 127.0.0.1:N (default 3000)`;

const { stdout, stderr } = process;

async function run(args: readonly string[]): Promise<void> {
  const { data, port, empty } = options(args);
  const stopped = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
  stdout.write('engines: NATS and FerretDB (built at the first start: a few minutes)…\n');
  const deployment = await LocalDeployment.prepare({ folder: data, port });
  try {
    await deployment.startEngines();
    if (!empty) await deployment.seed(stdout);
    await deployment.startServices();
    for (const { name, pid } of deployment.all) stdout.write(`${name.padEnd(16)} pid ${pid}\n`);
    const administrator = await DemoUser.signIn(deployment.url, 'administrator');
    await untilViewsAreThere(administrator, systemTimers);
    stdout.write(summaryText(await httpSummary(administrator), deployment.url));
    stdout.write(`\nReady. Data and logs in ${data}. Ctrl-C stops everything.\n`);
    await stopped;
    stdout.write('\nstopping…\n');
  } finally {
    await deployment.stop();
  }
  stdout.write('stopped.\n');
}

function options(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { empty: { type: 'boolean' }, data: { type: 'string' }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? '3000');
    if (!Number.isSafeInteger(port) || port < 1 || port > 65_535) {
      throw new UsageError('--port must be a number from 1 to 65535');
    }
    return { data: resolve(values.data ?? 'data-services'), port, empty: values.empty === true };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const { code, line } = exitOf(error);
  stderr.write(`rapport: ${line}\n`);
  process.exitCode = code;
}
