// What the image runs: node entry.mjs SERVICE [ARGUMENT …]. Unknown names are refused, so that a typing error in a
// manifest is told at once.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SERVICE_NAMES } from '@rapport/platform';

/** sysexits.h: the arguments make no sense. */
const EX_USAGE = 64;

const names = [...SERVICE_NAMES, 'standalone', 'secrets'];
const [name, ...rest] = process.argv.slice(2);
const main = fileURLToPath(
  new URL(name === 'secrets' ? 'makeSecrets.mjs' : `services/${name}/dist/main.js`, import.meta.url),
);
if (name === undefined || !names.includes(name)) {
  console.error(`rapport: say which service to run, one of: ${names.join(', ')}`);
  process.exitCode = EX_USAGE;
} else if (!existsSync(main)) {
  console.error(`rapport: this build has no ${name} (${main} is missing)`);
  process.exitCode = EX_USAGE;
} else {
  process.argv.splice(1, process.argv.length - 1, main, ...rest);
  await import(pathToFileURL(main).href);
}
