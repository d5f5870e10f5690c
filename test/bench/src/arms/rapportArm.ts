import { probeOnce } from '../latency/viewProbe.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { freePort } from '@rapport/platform';
import { isReady, jsonRequest } from '../processes/jsonRequest.ts';
import { StartedProcess } from '../processes/startedProcess.ts';
import { NotAvailable } from '../notAvailable.ts';
import { emptyWorkFolder, FROM_SOURCE, WORKSPACE } from '../places.ts';
import type { Arm, RunningArm } from './arm.ts';

export interface RapportStart {
  readonly name: string;
  /** Folder of the store; empty for a new one. */
  readonly data: string;
  /** Where CPU profiles are written when the process ends; none without it. */
  readonly profiles?: string;
}

export interface RunningRapport extends RunningArm {
  readonly process: StartedProcess;
}

/** The product, standalone, as `npm start -- --empty --data DIR --port N` starts it. */
export const rapportArm: Arm = {
  name: 'rapport',
  start: () => startRapport({ name: 'rapport', data: emptyWorkFolder('rapport') }),
};

/** Starts the product and waits until it is ready and someone is signed in. */
export async function startRapport(start: RapportStart): Promise<RunningRapport> {
  const { port, process: server } = await launchRapport(start);
  await server.until(() => isReady(port), 60_000);
  const token = await signIn(port);
  return {
    name: start.name,
    port,
    token,
    process: server,
    // The projector's backlog drains here.
    settle: async (customerId) => {
      await probeOnce({ port, token }, openTicketBody(customerId, 0), 120_000);
    },
    stop: () => server.stop('SIGINT', 60_000),
  };
}

/** Starts the product's process and waits for nothing. */
export async function launchRapport({ name, data, profiles }: RapportStart) {
  const port = await freePort();
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const server = new StartedProcess({
    name,
    command: process.execPath,
    args: [
      ...profiling,
      ...FROM_SOURCE,
      'services/standalone/src/main.ts',
      '--empty',
      '--data',
      data,
      '--port',
      String(port),
    ],
    cwd: WORKSPACE,
    env: { NODE_ENV: 'production' },
  });
  return { port, process: server };
}

/** @throws NotAvailable when the demo sign-in does not hand out a token */
export async function signIn(port: number, role = 'service-agent'): Promise<string> {
  const answer = await jsonRequest({ port, method: 'POST', path: '/demo/sign-in', body: { role } });
  const token = answer.body['token'];
  if (typeof token !== 'string')
    throw new NotAvailable(`not reachable: the demo sign-in answered ${answer.status}`);
  return token;
}
