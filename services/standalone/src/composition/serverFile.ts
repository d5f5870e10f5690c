import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the process that has the data folder listens; only trusted while the folder is locked. */
export interface Server {
  readonly pid: number;
  readonly url: string;
}

const FILE = 'server.json';

export function announceServer(directory: string, url: string): void {
  writeFileSync(join(directory, FILE), JSON.stringify({ pid: process.pid, url } satisfies Server), {
    mode: 0o600,
  });
}

export function withdrawServer(directory: string): void {
  rmSync(join(directory, FILE), { force: true });
}

/** undefined where no server has announced itself. */
export function announcedServer(directory: string): Server | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as Server;
  } catch {
    return undefined;
  }
}
