import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { Form } from '../forms/form.ts';
import { parseMetrics, type Metrics } from './prometheusText.ts';

const PATIENCE_MS = 60_000;
/** Being asked makes work, too: of each projection the projector reads how far it is. */
const BETWEEN_LOOKS_MS = 1_000;
/** What is not told by a metric (reactions, commits, sockets) has this long besides. */
const CALM_MS = 500;

/** Resolves when every queue that is told is empty. @returns false where that takes longer than a minute */
export async function comeToRest({ processes }: Form): Promise<boolean> {
  const urls = processes.flatMap(({ metricsUrl }) => metricsUrl ?? []);
  for (const end = systemMonotonicClock.now() + PATIENCE_MS; systemMonotonicClock.now() < end;) {
    const texts = await Promise.all(urls.map((url) => fetch(url).then((answer) => answer.text())));
    if (atRest(texts.map(parseMetrics))) {
      await systemTimers.sleep(CALM_MS);
      return true;
    }
    await systemTimers.sleep(BETWEEN_LOOKS_MS);
  }
  return false;
}

/** Whether nothing is yet to be done, as the processes' metrics tell it. */
export function atRest(metrics: readonly Metrics[]): boolean {
  const told = metrics.flatMap((all) => Object.entries(all));
  // Where the store of the views is slow, the projector does not tell how far they are: then nothing is at rest.
  const toldOfViews = told.some(([name]) => name.startsWith('rapport_projection_lag_events'));
  return toldOfViews && !told.some((one) => (isWaiting(one) ? one[1] > 0 : isUnfinished(one)));
}

/** A campaign goes through the log, and records what follows. */
function isUnfinished([name, value]: readonly [string, number]): boolean {
  return name.startsWith('rapport_campaign_progress_ratio') && value < 1;
}

/** Metrics that tell how much is yet to be done. */
export function isWaiting([name]: readonly [string, number]): boolean {
  return /(_lag_events|_lag_seconds|_waiting|_queued|_backlog|_pending)(\{|$)/.test(name);
}
