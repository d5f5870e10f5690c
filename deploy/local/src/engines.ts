import { spawnSync } from 'node:child_process';
import { ROOT } from './places.ts';

export type Engine = 'nats' | 'ferretdb';

/** Path of an engine's binary; installed first where it is missing (tools/engines). @throws Error with what to do */
export function engine(name: Engine): string {
  const given = process.env[name === 'nats' ? 'RAPPORT_TEST_NATS_SERVER' : 'RAPPORT_TEST_FERRETDB_SERVER'];
  if (given !== undefined && given !== '') return given;
  const { status, stdout } = spawnSync(process.execPath, [`${ROOT}tools/engines/${name}.mjs`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} could not be installed: see above`);
  return stdout.trim();
}
