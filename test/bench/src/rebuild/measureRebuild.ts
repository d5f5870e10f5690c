import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { emptyWorkFolder } from '../places.ts';
import { profileTables } from '../profile/profileTables.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atLeast, atMost, shown, type SectionFindings, type Target } from '../report/section.ts';
import { generatedStore, measuredRebuild, type MeasuredRebuild } from './storeSteps.ts';

const TITLE = 'Rebuilding the tier and satisfaction views';

const EXPLANATION = `From event 0, in a process of its own: reading, unsealing, folding, durable views and checkpoints.
Afterwards, outside of the time, every document is compared with the live view.`;

/** Most by which an event of the largest store may cost more than one of the others before the curve is not flat. */
const FLAT = 1.25;

/** Events per second, memory, and cost per event over three sizes of store. */
export async function measureRebuild(options: BenchOptions): Promise<SectionFindings> {
  const rebuilds: MeasuredRebuild[] = [];
  try {
    const sizes = [options.events / 100, options.events / 10, options.events].map(Math.round);
    for (const events of sizes) {
      const { dir } = await generatedStore(events);
      rebuilds.push(await measuredRebuild(dir));
      console.log(`  ${events.toLocaleString('en')} events: ${shown(perSecond(rebuilds.at(-1)!))}/s`);
    }
    const targets = judge(rebuilds);
    const profile = targets.some(({ met }) => met === false) ? await profileOf(options.events) : '';
    return {
      section: 'rebuild',
      title: TITLE,
      targets,
      body: [EXPLANATION, table(rebuilds), profile].join('\n\n').trim(),
    };
  } catch (error) {
    const why = reason(error);
    const target = { figure: 'rebuild', target: '≥ 60,000 events/s, ≤ 600 MB, flat, equal', measured: why };
    return { section: 'rebuild', title: TITLE, targets: [target], body: `Not measured: ${why}` };
  }
}

function judge(rebuilds: readonly MeasuredRebuild[]): Target[] {
  const largest = rebuilds.at(-1)!;
  const costs = rebuilds.map((rebuild) => 1e6 / perSecond(rebuild));
  const differing = rebuilds
    .flatMap(({ differences }) => Object.values(differences))
    .reduce((sum, n) => sum + n, 0);
  return [
    atLeast(
      `rebuild from ${largest.events.toLocaleString('en')} events`,
      60_000,
      ' events/s',
      perSecond(largest),
    ),
    atMost('rebuild, resident memory', 600, ' MB', largest.peakMb, 'this system does not tell'),
    atMost(
      'rebuild, cost per event, largest ÷ cheapest store',
      FLAT,
      ' ×',
      costs.at(-1)! / Math.min(...costs),
    ),
    atMost('rebuild, documents that differ from the live views', 0, '', differing),
  ];
}

function table(rebuilds: readonly MeasuredRebuild[]): string {
  return markdownTable(
    ['events', 'seconds', 'events/s', 'µs per event', 'peak MB', 'documents', 'differing'],
    rebuilds.map((rebuild) => [
      rebuild.events.toLocaleString('en'),
      (rebuild.ms / 1000).toFixed(2),
      shown(perSecond(rebuild)),
      (1e6 / perSecond(rebuild)).toFixed(2),
      rebuild.peakMb === undefined ? '–' : shown(rebuild.peakMb),
      counts(rebuild.documents),
      counts(rebuild.differences),
    ]),
  );
}

const perSecond = ({ events, ms }: MeasuredRebuild) => events / (ms / 1000);

const counts = (byView: Readonly<Record<string, number>>) =>
  Object.entries(byView)
    .map(([view, n]) => `${view} ${n.toLocaleString('en')}`)
    .join(', ');

async function profileOf(events: number): Promise<string> {
  const profiles = emptyWorkFolder('rebuild-profiles');
  const { dir } = await generatedStore(events);
  await measuredRebuild(dir, profiles);
  return profileTables(profiles);
}
