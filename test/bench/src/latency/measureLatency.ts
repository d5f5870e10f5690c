import { rapportArm } from '../arms/rapportArm.ts';
import { CONNECTIONS } from '../commands/commandRounds.ts';
import { openTickets, registerCustomers } from '../commands/prepareArm.ts';
import { runLoad } from '../load/runLoad.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { missedProfile } from '../profile/missedProfile.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atMost, type SectionFindings } from '../report/section.ts';
import { percentile } from '../report/statistics.ts';
import { probeViews, type ProbeTimes } from './viewProbe.ts';

const TITLE = 'Command to view';

const EXPLANATION = `Under the load of the section above, from a process apart, a ticket is opened every 50 ms and asked
for with \`after=<its position>\` until the view shows it. *from sending* is from sending the command to the answer of
the query, two HTTP requests included; *from the answer* is what the view is behind.`;

/** p99 from a command to the view that shows it, under load. */
export async function measureLatency(options: BenchOptions): Promise<SectionFindings> {
  try {
    const probes = await probeUnderLoad(options.seconds * options.rounds);
    const targets = probes.map(({ connections, times }) => {
      const failed = times.failures.length > 0 || times.toView.length === 0;
      const p99 = failed ? Infinity : percentile(times.toView, 0.99);
      return atMost(`command to view p99 at ${connections} connections`, 250, ' ms', p99);
    });
    const profile = targets.some(({ met }) => met === false) ? await missedProfile(options.seconds) : '';
    return {
      section: 'latency',
      title: TITLE,
      targets,
      body: [EXPLANATION, table(probes), profile].join('\n\n').trim(),
    };
  } catch (error) {
    const target = { figure: 'command to view p99', target: '≤ 250 ms', measured: reason(error) };
    return { section: 'latency', title: TITLE, targets: [target], body: `Not measured: ${reason(error)}` };
  }
}

interface Probe {
  readonly connections: number;
  readonly perSecond: number;
  readonly times: ProbeTimes;
}

async function probeUnderLoad(seconds: number): Promise<Probe[]> {
  const arm = await rapportArm.start();
  try {
    const { port, token } = arm;
    const customers = await registerCustomers(arm, 2_000);
    const probes: Probe[] = [];
    for (const connections of CONNECTIONS) {
      const tickets = await openTickets(arm, 4_000, customers);
      const loadEnded = new AbortController();
      const probing = probeViews(arm, customers, loadEnded.signal);
      const load = await runLoad({ port, token, customers, tickets, connections, seconds }).finally(() =>
        loadEnded.abort(),
      );
      probes.push({ connections, perSecond: load.perSecond, times: await probing });
      await arm.settle(customers[0]!);
    }
    return probes;
  } finally {
    await arm.stop();
  }
}

function table(probes: readonly Probe[]): string {
  const head = [
    'connections',
    'commands/s',
    'probes',
    'from sending p50 ms',
    'p99 ms',
    'from the answer p50 ms',
    'p99 ms',
    'failed',
  ];
  return markdownTable(
    head,
    probes.map(({ connections, perSecond, times: { toView, afterAnswer, failures } }) => {
      const ms = (values: readonly number[], share: number) =>
        values.length === 0 ? '–' : percentile(values, share).toFixed(1);
      return [
        String(connections),
        perSecond.toFixed(0),
        String(toView.length),
        ms(toView, 0.5),
        ms(toView, 0.99),
        ms(afterAnswer, 0.5),
        ms(afterAnswer, 0.99),
        failures.length === 0 ? '0' : `**${failures.length}: ${failures[0]}**`,
      ];
    }),
  );
}
