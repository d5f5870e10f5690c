import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** The workspace, from which the product is started as a user would start it. */
export const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

export const PEERS = join(BENCH, 'peers');

export const RESULTS = join(BENCH, 'RESULTS.md');

/** Everything that a run leaves behind, ignored by git. */
export const WORK = join(BENCH, '.work');

/** Node's flags as `npm start` has them: what is measured, product and baseline alike, runs as users run it. */
export const FROM_SOURCE: readonly string[] = startFlags();

function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start
    .split(' ')
    .slice(1, -1)
    .map((flag) => (flag.startsWith('./') ? pathToFileURL(join(WORKSPACE, flag)).href : flag));
}

/** Path of a source file of the bench, given relative to src/. */
export function sourceFile(path: string): string {
  return join(BENCH, 'src', path);
}

/** A folder under .work that is empty. */
export function emptyWorkFolder(name: string): string {
  const folder = join(WORK, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A folder under .work, kept from earlier runs. */
export function workFolder(name: string): string {
  const folder = join(WORK, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
