import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotAvailable, reason } from '../notAvailable.ts';
import { PEERS } from '../places.ts';

/** Installs what only the peers need, once. @throws NotAvailable when the registry cannot be reached */
export async function installPeerPackages(): Promise<void> {
  if (existsSync(join(PEERS, 'node_modules/@event-driven-io/emmett-postgresql/package.json'))) return;
  console.log('installing the peers’ packages (once) …');
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-workspaces'], {
      cwd: PEERS,
    });
  } catch (error) {
    throw new NotAvailable(`the peers’ packages could not be installed: ${reason(error)}`);
  }
}
