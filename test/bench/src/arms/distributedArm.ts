import { join } from 'node:path';
import { LocalDeployment, missingEngines } from '@rapport/local';
import { NotAvailable } from '../notAvailable.ts';
import { probeOnce } from '../latency/viewProbe.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { emptyWorkFolder } from '../places.ts';
import type { Arm, RunningArm } from './arm.ts';
import { signIn } from './rapportArm.ts';

export interface RunningDeployment extends RunningArm {
  readonly deployment: LocalDeployment;
}

/**
 * The product as separate processes on NATS, with the embedded stores behind ledger, projector and keys: what is measured
 * is the way through the services, not FerretDB, which stands in for MongoDB here and shares two cores with everything.
 */
export async function startDistributed(): Promise<RunningDeployment> {
  const missing = missingEngines();
  if (missing.length > 0) throw new NotAvailable(`not available: set ${missing.join(', ')}`);
  const folder = emptyWorkFolder('distributed');
  const deployment = await LocalDeployment.start({
    folder,
    keys: `embedded:${join(folder, 'keys')}`,
    views: `embedded:${join(folder, 'views')}`,
  });
  const port = Number(new URL(deployment.url).port);
  const token = await signIn(port);
  return {
    name: 'distributed',
    port,
    token,
    deployment,
    settle: async (customerId) => {
      await probeOnce({ port, token }, openTicketBody(customerId, 0), 300_000);
    },
    stop: () => deployment.stop(),
  };
}

export const distributedArm: Arm = { name: 'distributed', start: startDistributed };
