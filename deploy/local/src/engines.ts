import { spawnSync } from 'node:child_process';
import { ROOT } from './places.ts';

/** Engines that a deployment on one machine needs, and the variables that may name their binaries. */
const BINARIES = {
  nats: 'RAPPORT_TEST_NATS_SERVER',
  ferretdb: 'RAPPORT_TEST_FERRETDB_SERVER',
} as const;

/** Path of an engine's binary; installed first where it is missing (tools/engines). @throws Error with what to do */
export function engine(name: keyof typeof BINARIES): string {
  const given = process.env[BINARIES[name]];
  if (given !== undefined && given !== '') return given;
  const { status, stdout } = spawnSync(process.execPath, [`${ROOT}tools/engines/${name}.mjs`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} could not be installed: see above`);
  return stdout.trim();
}

/** Variables that are not set: for tests, which must not install anything. */
export function missingEngines(): readonly string[] {
  return Object.values(BINARIES).filter((variable) => (process.env[variable] ?? '') === '');
}
