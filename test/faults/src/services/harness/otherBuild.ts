import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { ROOT } from '@rapport/local';

/** What a service is started from. */
const SOURCES = ['libs', 'services', 'tools', 'package.json', '.swcrc', 'tsconfig.base.json'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.nx', 'golden']);

/** Text of a source file → its text in the other build, by path from the root. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

/**
 * Another build of this checkout, as the release before or after it: a copy of its sources in which some are others,
 * with the packages of this one.
 *
 * @param folder that it is made in
 * @returns its root, with a slash at the end
 * @throws Error where a change changes nothing: what it was written for is there no more
 */
export function otherBuild(folder: string, changes: Changes): string {
  for (const source of SOURCES) {
    cpSync(join(ROOT, source), join(folder, source), {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(basename(path)) && !path.endsWith('.spec.ts'),
    });
  }
  linkPackages(folder);
  for (const [path, change] of Object.entries(changes)) {
    const file = join(folder, path);
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${path} would be the same in the other build`);
    writeFileSync(file, after);
  }
  return `${folder}/`;
}

/** Those from elsewhere are shared; the workspace's own are the copies. */
function linkPackages(folder: string): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue;
    if (name !== '@rapport') symlinkSync(join(from, name), join(to, name));
  }
  mkdirSync(join(to, '@rapport'));
  for (const name of readdirSync(join(from, '@rapport'))) {
    const link = join(from, '@rapport', name);
    if (!lstatSync(link).isSymbolicLink()) throw new Error(`${link} is no package of the workspace`);
    symlinkSync(join(folder, relative(realpathSync(ROOT), realpathSync(link))), join(to, '@rapport', name));
  }
}

/** Puts one text in the place of another, which must be there. */
export function replacing(
  ...pairs: readonly (readonly [before: string | RegExp, after: string])[]
): (text: string) => string {
  return (text) =>
    pairs.reduce((changed, [before, after]) => {
      const next = changed.replace(before, after);
      if (next === changed) throw new Error(`there is no ${String(before)} to be replaced`);
      return next;
    }, text);
}
