import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
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
  writeFileSync(
    join(folder, 'nats-server.conf'),
    [
      `listen: 127.0.0.1:${port}`,
      `http: 127.0.0.1:${monitoringPort}`,
      'max_payload: 1MB',
      `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }`,
      'include ./authorization.conf',
      '',
    ].join('\n'),
  );
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
