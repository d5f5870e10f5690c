import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '@rapport/event-store';

/**
 * Engines outlive a start that was killed, and the folder's lock does not: a second one on the same files would
 * spoil them.
 *
 * @throws StoreError `in-use` with the process ids
 */
export function refuseLeftBehind(folder: string): void {
  const alive = ['nats', 'ferretdb']
    .map((engine) => join(folder, engine, 'pid'))
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8').trim())
    .filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder));
  if (alive.length === 0) return;
  throw new StoreError(
    'in-use',
    `the data folder ${folder} is in use by engines of a start that was killed: end them with kill ${alive.join(' ')}`,
  );
}

/** Ids are given out again: the command says whether it is still the same. */
function commandOf(pid: string): string {
  const { stdout, error } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', pid], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout;
}
