import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { Form } from '../forms/form.ts';
import { parseMetrics } from './prometheusText.ts';

const PATIENCE_MS = 60_000;
/** What is not told by a metric (reactions, commits, sockets) has this long besides. */
const CALM_MS = 500;

/** Resolves when every queue that is told is empty. @returns false where that takes longer than a minute */
export async function comeToRest({ processes }: Form): Promise<boolean> {
  const urls = processes.flatMap(({ metricsUrl }) => metricsUrl ?? []);
  for (const end = systemMonotonicClock.now() + PATIENCE_MS; systemMonotonicClock.now() < end;) {
    const texts = await Promise.all(urls.map((url) => fetch(url).then((answer) => answer.text())));
    const waiting = texts.flatMap((text) => Object.entries(parseMetrics(text)).filter(isWaiting));
    // Where the store of the views is slow, the projector does not tell how far they are: then nothing is at rest.
    const toldOfViews = waiting.some(([name]) => name.startsWith('rapport_projection_lag_events'));
    if (toldOfViews && waiting.every(([, value]) => value === 0)) {
      await systemTimers.sleep(CALM_MS);
      return true;
    }
    await systemTimers.sleep(100);
  }
  return false;
}

/** Metrics that tell how much is yet to be done. */
export function isWaiting([name]: readonly [string, number]): boolean {
  return /(_lag_events|_waiting|_queued|_backlog|_pending)(\{|$)/.test(name);
}
