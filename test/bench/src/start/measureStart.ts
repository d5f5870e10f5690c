import { cpSync } from 'node:fs';
import { launchRapport, signIn } from '../arms/rapportArm.ts';
import { reason } from '../notAvailable.ts';
import type { BenchOptions } from '../options.ts';
import { emptyWorkFolder } from '../places.ts';
import { isReady, jsonRequest } from '../processes/jsonRequest.ts';
import { profileTables } from '../profile/profileTables.ts';
import { atMost, shown, type SectionFindings } from '../report/section.ts';
import { median } from '../report/statistics.ts';
import { generatedStore } from '../rebuild/storeSteps.ts';
import type { GeneratedStore } from '../rebuild/store.ts';

const TITLE = 'Starting on a store of one million events';

/** Seconds from starting the process until a query answers at the head of the log. */
export async function measureStart(options: BenchOptions): Promise<SectionFindings> {
  try {
    const { dir, store } = await generatedStore(options.events);
    const copy = emptyWorkFolder('start');
    cpSync(dir, copy, { recursive: true });
    const seconds: number[] = [];
    for (let round = 1; round <= options.rounds; round += 1) seconds.push(await startOnce(copy, store));
    const target = atMost('start, until queries answer at the head', 5, ' s', median(seconds));
    const profile = target.met === true ? '' : await profileOf(copy, store);
    const body =
      `${shown(store.events)} events; ${seconds.map((s) => `${s.toFixed(2)} s`).join(', ')} from starting the
process (from source) until \`GET /api/tickets/{id}?after=<head>\` answers and is not stale.\n\n${profile}`.trim();
    return { section: 'start', title: TITLE, targets: [target], body };
  } catch (error) {
    const why = reason(error);
    const target = { figure: 'start, until queries answer at the head', target: '≤ 5 s', measured: why };
    return { section: 'start', title: TITLE, targets: [target], body: `Not measured: ${why}` };
  }
}

async function startOnce(data: string, store: GeneratedStore, profiles?: string): Promise<number> {
  const { port, process: server } = await launchRapport({
    name: 'rapport-start',
    data,
    ...(profiles && { profiles }),
  });
  try {
    await server.until(() => isReady(port), 120_000, 10);
    const token = await signIn(port);
    const path = `/api/tickets/${store.lastTicketId}?after=${encodeURIComponent(store.headToken)}`;
    const ms = await server.until(
      async () => {
        const answer = await jsonRequest({ port, method: 'GET', path, token });
        return answer.status === 200 && answer.body['stale'] !== true;
      },
      120_000,
      10,
    );
    return ms / 1000;
  } finally {
    await server.stop('SIGINT', 60_000);
  }
}

async function profileOf(data: string, store: GeneratedStore): Promise<string> {
  const profiles = emptyWorkFolder('start-profiles');
  await startOnce(data, store, profiles);
  return profileTables(profiles);
}
