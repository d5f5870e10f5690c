// What the image runs: node entry.mjs SERVICE [ARGUMENT …]. Unknown names are refused, so that a typing error in a
// manifest is told at once.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SERVICE_NAMES } from '@rapport/platform';

/** sysexits.h: the arguments make no sense. */
const EX_USAGE = 64;

/**
 * What is no service: everything in one process, the demo's history for a log that is empty, the last step of a
 * restore, the repair of the facts stream, secrets.
 */
const OTHERS = {
  standalone: 'services/standalone/dist/main.js',
  demo: 'services/standalone/dist/demo/main.js',
  restore: 'services/ledger/dist/restore/main.js',
  generation: 'services/ledger/dist/generation/main.js',
  secrets: 'makeSecrets.mjs',
};

const names = [...SERVICE_NAMES, ...Object.keys(OTHERS)];
const [name, ...rest] = process.argv.slice(2);
const main = fileURLToPath(
  new URL(Object.hasOwn(OTHERS, `${name}`) ? OTHERS[name] : `services/${name}/dist/main.js`, import.meta.url),
);
if (name === undefined || !names.includes(name)) {
  console.error(`rapport: say what to run, one of: ${names.join(', ')}`);
  process.exitCode = EX_USAGE;
} else if (!existsSync(main)) {
  console.error(`rapport: this build has no ${name} (${main} is missing)`);
  process.exitCode = EX_USAGE;
} else {
  process.argv.splice(1, process.argv.length - 1, main, ...rest);
  await import(pathToFileURL(main).href);
}
