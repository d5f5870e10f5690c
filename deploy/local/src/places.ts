import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout, or the image's folder. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** From source the processes need the loader that this one has. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** Arguments of Node to run a module of the workspace, named without ending: `services/tickets/src/main`. */
export function nodeArguments(module: string, ...args: readonly string[]): readonly string[] {
  if (!FROM_SOURCE) return [`${ROOT}${module.replace('/src/', '/dist/')}.js`, ...args];
  return [...sourceArguments(ROOT, module), ...args];
}

/** The same for another checkout, from source. @param root absolute, with a slash at its end */
export function sourceArguments(root: string, module: string): readonly string[] {
  return [
    '--enable-source-maps',
    '--conditions=source',
    '--import',
    `${root}tools/swc/register.mjs`,
    `${root}${module}.ts`,
  ];
}

/** Arguments of Node with which `npm start` starts standalone: what is measured runs as users run it. */
export function npmStartArguments(...args: readonly string[]): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    scripts: { start: string };
  };
  const [, ...given] = scripts.start.split(' ');
  return [...given, ...args];
}
