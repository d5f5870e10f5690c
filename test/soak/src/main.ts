import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Form } from './forms/form.ts';
import { startServicesForm } from './forms/servicesForm.ts';
import { startStandaloneForm } from './forms/standaloneForm.ts';
import { readOptions, USAGE, type FormName, type SoakOptions } from './options.ts';
import { publish } from './report/publish.ts';
import { writeReport } from './report/writeReport.ts';
import { runForm } from './runForm.ts';

const WORK = fileURLToPath(new URL('../.work', import.meta.url));

/** MiB for all caches of each process: an eighth and less of the defaults. */
const CACHE_MB: Readonly<Record<FormName, number>> = { standalone: 48, services: 24 };

let options: SoakOptions;
try {
  options = readOptions(process.argv.slice(2), WORK);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
// The default would end this process without its exit handlers, which end what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
let failed = false;
for (const name of options.forms) {
  tell(`${name}: starting…`);
  const folder = join(WORK, `run-${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const form = await start(name, folder, options.cacheMb || CACHE_MB[name]);
  try {
    const result = await runForm(form, options, join(options.out, name), tell);
    const { checks, report } = writeReport(result, join(options.out, name));
    for (const { name: what, faults } of checks) {
      tell(faults.length === 0 ? `ok ${name}: ${what}` : `FAILED ${name}: ${what}\n  ${faults.join('\n  ')}`);
      failed ||= faults.length > 0;
    }
    tell(`written to ${report}`);
  } finally {
    await form.stop();
  }
}
if (options.publish) tell(`published in ${await publish(options.forms, options.out)}`);
process.exit(failed ? 1 : 0);

function start(name: FormName, folder: string, cacheMb: number): Promise<Form> {
  if (name === 'standalone') return startStandaloneForm(folder, cacheMb);
  return startServicesForm(folder, cacheMb, options.views);
}
