import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NATS_SERVER } from '@rapport/messaging/testing';
import { NotAvailable, reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { emptyWorkFolder, FROM_SOURCE, sourceFile, workFolder, WORKSPACE } from '../places.ts';
import { StartedProcess } from '../processes/startedProcess.ts';
import { profileTables } from '../profile/profileTables.ts';
import { markdownTable } from '../report/markdownTable.ts';
import { atLeast, shown, type SectionFindings } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import type { RelayResult } from './relayResult.ts';

const TITLE = 'Publishing facts on JetStream';
const TARGET = 30_000;

/** Events of the store that the relay catches up with. */
const EVENTS = 100_000;

const EXPLANATION = `A relay that catches up from event 0, in a process of its own, out of an embedded store into a real
nats-server beside it (file storage, one replica), until the last event is acknowledged. Reading the store, decoding
and partitions are in the time; writing the store is not.`;

/** Events per second of a relay that catches up. */
export async function measureRelay(options: BenchOptions): Promise<SectionFindings> {
  const figure = 'relay, catching up';
  try {
    if (NATS_SERVER === undefined) {
      throw new NotAvailable('not available: set RAPPORT_TEST_NATS_SERVER to the path of a nats-server');
    }
    const rounds: RelayResult[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      rounds.push(await catchUp());
      console.log(`  ${shown(perSecond(rounds.at(-1)!))} events/s`);
    }
    const target = atLeast(figure, TARGET, ' events/s', median(rounds.map(perSecond)));
    const profile = target.met === true ? '' : await profileOf();
    return {
      section: 'relay',
      title: TITLE,
      targets: [target],
      body: `${EXPLANATION}\n\n${table(rounds)}\n\n${profile}`.trim(),
    };
  } catch (error) {
    const why = reason(error);
    const target = { figure, target: `≥ ${shown(TARGET)} events/s`, measured: why };
    return { section: 'relay', title: TITLE, targets: [target], body: `Not measured: ${why}` };
  }
}

const perSecond = ({ events, ms }: RelayResult) => events / (ms / 1000);

function table(rounds: readonly RelayResult[]): string {
  return markdownTable(
    ['events', 'bytes per event', 'seconds', 'events/s'],
    rounds.map((round) => [
      round.events.toLocaleString('en'),
      shown(round.bytesPerEvent),
      (round.ms / 1000).toFixed(2),
      shown(perSecond(round)),
    ]),
  );
}

async function catchUp(profiles?: string): Promise<RelayResult> {
  const outcome = join(workFolder('results'), 'relay.outcome');
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = new StartedProcess({
    name: 'relay',
    command: process.execPath,
    args: [
      ...profiling,
      ...FROM_SOURCE,
      sourceFile('relay/main.ts'),
      workFolder('relay-store'),
      outcome,
      String(EVENTS),
    ],
    cwd: WORKSPACE,
  });
  const how = await child.end();
  if (how !== 'exit code 0') {
    const said = readFileSync(child.log, 'utf8').trim().split('\n').at(-1) ?? '';
    throw new NotAvailable(`not available: ${said === '' ? `the relay ended with ${how}` : said}`);
  }
  return JSON.parse(readFileSync(outcome, 'utf8')) as RelayResult;
}

async function profileOf(): Promise<string> {
  const profiles = emptyWorkFolder('relay-profiles');
  await catchUp(profiles);
  return profileTables(profiles);
}
