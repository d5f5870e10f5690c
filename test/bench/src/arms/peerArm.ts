import { join } from 'node:path';
import { freePort } from '@rapport/platform';
import { isReady } from '../processes/jsonRequest.ts';
import { StartedProcess } from '../processes/startedProcess.ts';
import { PEERS } from '../places.ts';
import type { PostgresServer } from '../postgres/postgresServer.ts';
import type { Arm } from './arm.ts';
import { SAME_LENGTH_TOKEN } from './bareArm.ts';

/** A peer from peers/, in a database of its own on the given server. */
export function peerArm(name: string, program: string, postgres: PostgresServer, poolSize: number): Arm {
  return {
    name,
    async start() {
      const port = await freePort();
      const database = await postgres.createDatabase(`bench_${name.replaceAll(/\W/g, '_')}`);
      const server = new StartedProcess({
        name,
        command: process.execPath,
        args: [join(PEERS, `${program}.mjs`)],
        cwd: PEERS,
        env: {
          NODE_ENV: 'production',
          PORT: String(port),
          DATABASE_URL: database,
          POOL_SIZE: String(poolSize),
        },
      });
      await server.until(() => isReady(port), 30_000);
      return {
        name,
        port,
        token: SAME_LENGTH_TOKEN,
        process: server,
        settle: () => postgres.checkpoint(),
        stop: () => server.stop('SIGTERM'),
      };
    },
  };
}
