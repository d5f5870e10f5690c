import { startRapport } from '../arms/rapportArm.ts';
import { openTickets, registerCustomers } from '../commands/prepareArm.ts';
import { runLoad } from '../load/runLoad.ts';
import { reason } from '../notAvailable.ts';
import { emptyWorkFolder } from '../places.ts';
import { profileTables } from './profileTables.ts';

/** A figure of the command path was missed: runs the load once more under the profiler and shows the top of it. */
export async function missedProfile(seconds: number): Promise<string> {
  const profiles = emptyWorkFolder('profiles');
  try {
    const arm = await startRapport({
      name: 'rapport-profiled',
      data: emptyWorkFolder('rapport-profiled'),
      profiles,
    });
    try {
      const customers = await registerCustomers(arm, 1_000);
      const tickets = await openTickets(arm, 2_000, customers);
      await runLoad({ port: arm.port, token: arm.token, customers, tickets, connections: 128, seconds });
    } finally {
      await arm.stop();
    }
    return profileTables(profiles);
  } catch (error) {
    return `Where the time goes: the profiled run failed, ${reason(error)}.`;
  }
}
