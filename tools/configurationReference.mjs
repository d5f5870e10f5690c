// Writes docs/configuration.md from the table of settings in libs/platform: node tools/configurationReference.mjs
// With --print it goes to standard output instead; a test compares that with the committed page.
import { register } from 'node:module';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

register('./swc/loader.mjs', import.meta.url);
const { configurationReference } =
  await import('../libs/platform/src/configuration/configurationReference.ts');
const page = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));
const text = await format(configurationReference(), { ...(await resolveConfig(page)), parser: 'markdown' });
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(page, text);
