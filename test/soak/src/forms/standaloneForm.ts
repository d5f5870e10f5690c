import { join } from 'node:path';
import { LocalProcess, npmStartArguments, ROOT } from '@rapport/local';
import { freePort } from '@rapport/platform';
import type { Form } from './form.ts';
import { INSPECTABLE } from './inspectable.ts';

/** Everything in one process, started as `npm start` starts it, on an empty folder. */
export async function startStandaloneForm(folder: string, cacheMb: number): Promise<Form> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = join(folder, 'data');
  const standalone = new LocalProcess({
    name: 'standalone',
    command: process.execPath,
    args: npmStartArguments('--empty', '--data', data, '--port', String(port), '--cache-mb', String(cacheMb)),
    cwd: ROOT,
    env: INSPECTABLE,
    logFile: join(folder, 'standalone.log'),
    ready: () =>
      fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  await standalone.start();
  return {
    name: 'standalone',
    url,
    processes: [{ name: 'standalone', process: standalone, metricsUrl: `${url}/metrics` }],
    bears: 0.5,
    folder: data,
    stop: () => standalone.stop(),
  };
}
