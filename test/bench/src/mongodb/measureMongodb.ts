import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { generatedStore } from '../rebuild/storeSteps.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atLeast, shown, type SectionFindings, type Target } from '../report/section.ts';
import { projectInto, type ProjectedInto } from './projectInto.ts';

const TITLE = 'Projecting into MongoDB';
const VIEWS = ['tiers', 'satisfaction'];
const EVENTS = 10_000;
const ONE_AT_A_TIME = 300;
const BATCH = 5_000;
const SERVERS = ['RAPPORT_TEST_FERRETDB', 'RAPPORT_TEST_MONGODB'] as const;

const EXPLANATION = `The ${VIEWS.join(' and ')} views from event 0, with the product's ProjectionRunner and
MongoViewStore: reading, unsealing, folding, guarded writes and checkpoints, in batches of up to ${BATCH.toLocaleString('en')} events and
one event at a time. The server shares the machine.`;

interface Measured {
  readonly server: string;
  readonly batched: ProjectedInto;
  readonly single: ProjectedInto;
}

/** Events per second in batches and one at a time, into each server that is set. */
export async function measureMongodb(options: BenchOptions): Promise<SectionFindings> {
  const targets: Target[] = [];
  const measured: Measured[] = [];
  for (const variable of SERVERS) {
    const url = process.env[variable];
    const server = variable === 'RAPPORT_TEST_FERRETDB' ? 'FerretDB' : 'MongoDB';
    try {
      if (url === undefined) throw new Error(`not measured: ${variable} is not set to the URL of a server`);
      const { dir } = await generatedStore(Math.min(EVENTS, options.events));
      const batched = await median(options.rounds, () =>
        projectInto(url, dir, { views: VIEWS, events: Math.min(EVENTS, options.events), batch: BATCH }),
      );
      const single = await projectInto(url, dir, { views: VIEWS, events: ONE_AT_A_TIME, batch: 1 });
      measured.push({ server, batched, single });
      const ratio = perSecond(batched) / perSecond(single);
      targets.push(atLeast(`projection into ${server}`, 10_000, ' events/s', perSecond(batched)));
      targets.push(atLeast(`projection into ${server}, batches ÷ one event at a time`, 5, ' ×', ratio));
    } catch (error) {
      const target = '≥ 10,000 events/s, ≥ 5 × one event at a time';
      targets.push({ figure: `projection into ${server}`, target, measured: reason(error) });
    }
  }
  const body = measured.length === 0 ? EXPLANATION : `${EXPLANATION}\n\n${table(measured)}`;
  return { section: 'mongodb', title: TITLE, targets, body };
}

function table(measured: readonly Measured[]): string {
  return markdownTable(
    ['server', 'how', 'events', 'documents', 'seconds', 'events/s'],
    measured.flatMap(({ server, batched, single }) =>
      [['in batches', batched] as const, ['one at a time', single] as const].map(([how, run]) => [
        server,
        how,
        run.events.toLocaleString('en'),
        run.documents.toLocaleString('en'),
        (run.ms / 1000).toFixed(2),
        shown(perSecond(run)),
      ]),
    ),
  );
}

async function median(rounds: number, run: () => Promise<ProjectedInto>): Promise<ProjectedInto> {
  const runs: ProjectedInto[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await run());
  return runs.toSorted((a, b) => a.ms - b.ms)[Math.floor(rounds / 2)]!;
}

const perSecond = ({ events, ms }: ProjectedInto) => events / (ms / 1000);
