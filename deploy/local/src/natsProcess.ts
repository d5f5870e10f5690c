import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalProcess } from './localProcess.ts';
import { ROOT } from './places.ts';

export interface NatsProcessOptions {
  readonly binary: string;
  /** Configuration, store and log. */
  readonly folder: string;
  readonly port: number;
  readonly monitoringPort: number;
  /** `passwords.conf` as makeSecrets writes it. */
  readonly passwords: string;
}

/** A NATS server with JetStream and the users of deploy/nats, on loopback. */
export function natsProcess(options: NatsProcessOptions): LocalProcess {
  const { binary, folder, port, monitoringPort, passwords } = options;
  mkdirSync(folder, { recursive: true });
  copyFileSync(`${ROOT}deploy/nats/authorization.conf`, join(folder, 'authorization.conf'));
  writeFileSync(join(folder, 'passwords.conf'), passwords, { mode: 0o600 });
  // The deployed configuration, but for its places.
  const places: Readonly<Record<string, string>> = {
    listen: `127.0.0.1:${port}`,
    http: `127.0.0.1:${monitoringPort}`,
    store_dir: JSON.stringify(join(folder, 'store')),
  };
  const deployed = readFileSync(`${ROOT}deploy/nats/nats-server.conf`, 'utf8');
  const local = deployed.replace(
    new RegExp(`^( *)(${Object.keys(places).join('|')}): .*$`, 'gm'),
    (_line, indent: string, name: string) => `${indent}${name}: ${places[name]!}`,
  );
  writeFileSync(join(folder, 'nats-server.conf'), local);
  return new LocalProcess({
    name: 'nats',
    command: binary,
    args: ['--config', join(folder, 'nats-server.conf')],
    logFile: join(folder, 'log'),
    pidFile: join(folder, 'pid'),
    ready: () =>
      fetch(`http://127.0.0.1:${monitoringPort}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
}
