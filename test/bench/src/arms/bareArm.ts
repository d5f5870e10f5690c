import { isReady } from '../processes/jsonRequest.ts';
import { StartedProcess } from '../processes/startedProcess.ts';
import { freePort } from '@rapport/platform';
import { FROM_SOURCE, sourceFile, WORKSPACE } from '../places.ts';
import type { Arm } from './arm.ts';

export type BareValidation = 'standard' | 'own';

/** A Nest + Fastify endpoint of the same shape that validates and stores nothing. */
export function bareArm(name: string, validation: BareValidation): Arm {
  return {
    name,
    async start() {
      const port = await freePort();
      const server = new StartedProcess({
        name,
        command: process.execPath,
        args: [...FROM_SOURCE, sourceFile('bare/main.ts'), String(port), validation],
        cwd: WORKSPACE,
        env: { NODE_ENV: 'production' },
      });
      await server.until(() => isReady(port), 30_000);
      return {
        name,
        port,
        token: SAME_LENGTH_TOKEN,
        process: server,
        settle: () => Promise.resolve(),
        stop: () => server.stop('SIGTERM'),
      };
    },
  };
}

/** The arms without sign-in get a header of the same size as a real token. */
export const SAME_LENGTH_TOKEN = 'x'.repeat(320);
