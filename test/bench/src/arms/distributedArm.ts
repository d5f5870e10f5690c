import { LocalDeployment } from '@rapport/local';
import { NotAvailable } from '../notAvailable.ts';
import { probeOnce } from '../latency/viewProbe.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { emptyWorkFolder } from '../places.ts';
import type { Arm, RunningArm } from './arm.ts';
import { signIn } from './rapportArm.ts';

const ENGINES = ['RAPPORT_TEST_NATS_SERVER', 'RAPPORT_TEST_FERRETDB_SERVER'] as const;

export interface RunningDeployment extends RunningArm {
  readonly deployment: LocalDeployment;
}

/** The product as separate processes on NATS: the embedded store behind the ledger, views and keys in FerretDB. */
export async function startDistributed(): Promise<RunningDeployment> {
  const missing = ENGINES.filter((name) => (process.env[name] ?? '') === '');
  if (missing.length > 0) throw new NotAvailable(`not available: set ${missing.join(', ')}`);
  const deployment = await LocalDeployment.start({ folder: emptyWorkFolder('distributed') });
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
