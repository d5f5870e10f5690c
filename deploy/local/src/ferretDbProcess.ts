import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { LocalProcess } from './localProcess.ts';

export interface FerretDbProcessOptions {
  readonly binary: string;
  /** Databases and log. */
  readonly folder: string;
  readonly port: number;
}

/** FerretDB on SQLite: speaks MongoDB's protocol to the official driver. On loopback, without authentication. */
export function ferretDbProcess({ binary, folder, port }: FerretDbProcessOptions): LocalProcess {
  mkdirSync(join(folder, 'data'), { recursive: true });
  return new LocalProcess({
    name: 'ferretdb',
    command: binary,
    args: ['-data', join(folder, 'data'), '-listen', `127.0.0.1:${port}`],
    logFile: join(folder, 'log'),
    pidFile: join(folder, 'pid'),
    ready: () => listens(port),
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
