// A Node module hook that compiles .ts with swc. tsx and Node's own type stripping emit no decorator
// metadata, without which Nest cannot inject. swc searches its configuration from the working directory,
// so the options are read from the workspace's .swcrc and passed explicitly.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const { $schema: _schema, ...options } = JSON.parse(
  await readFile(new URL('../../.swcrc', import.meta.url), 'utf8'),
);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const source = await readFile(filename, 'utf8');
  const { code } = await transform(source, { ...options, filename, swcrc: false, configFile: false });
  return { format: 'module', source: code, shortCircuit: true };
}
