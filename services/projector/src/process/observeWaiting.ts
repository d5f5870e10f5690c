import type { ServiceHost } from '@rapport/hosting';
import { DECIDING_SERVICES, inTime, systemClock, toMillis, type Clock } from '@rapport/platform';
import { Gauge } from 'prom-client';
import type { CampaignStands } from '../campaigns/campaignStands.ts';
import type { Views } from '../queries/views.ts';

/** How long a scrape waits for an answer, in ms: shorter than Prometheus does. */
const PATIENCE_MS = 5_000;

/** What waits, asked at each scrape: overdue deadlines, parked keys, campaigns. Without an answer there are no values. */
export function observeWaiting(
  views: Pick<Views, 'find' | 'collection'>,
  campaigns: Pick<CampaignStands, 'all'>,
  { metrics, log }: Pick<ServiceHost<'projector'>, 'metrics' | 'log'>,
  clock: Clock = systemClock,
): void {
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    values: () => Promise<readonly (readonly [Record<Label, string>, number])[]>,
  ) =>
    new Gauge<Label>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [metrics],
      async collect() {
        const all = await inTime(values(), PATIENCE_MS, () => new Error('late')).catch((error: unknown) => {
          log.warn({ metric: name, error: error instanceof Error ? error.name : typeof error }, 'no metric');
          return [];
        });
        this.reset();
        for (const [labels, value] of all) this.set(labels as never, value);
      },
    });

  gauge(
    'rapport_deadline_lag_seconds',
    'How long the first due that has not fired is overdue, by the service that fires it; 0 where none is',
    ['context'],
    async () => {
      const firsts = DECIDING_SERVICES.map(async (context) => {
        const order = { filter: { context }, sort: { by: 'fireAt', direction: 'asc' } } as const;
        const { placed } = await views.find('deadlines', order, 1);
        const fireAt = placed[0]?.item['fireAt'] as string | undefined;
        const late = fireAt === undefined ? 0 : (clock.now() - toMillis(fireAt)) / 1_000;
        return [{ context }, Math.max(0, late)] as const;
      });
      return Promise.all(firsts);
    },
  );
  gauge(
    'rapport_parked_keys',
    'Keys of reactions, deadlines and campaigns that could not go on, by owner',
    ['owner'],
    async () => {
      const [byOwner] = await views.collection('parked').counts();
      return byOwner!.map(({ values: [owner], count }) => [{ owner: String(owner) }, count] as const);
    },
  );
  gauge(
    'rapport_campaign_progress_ratio',
    'How far a campaign has gone through the log, 1 when it is finished',
    ['campaign'],
    async () =>
      (await campaigns.all()).map(({ campaign, finished, throughPosition, toPosition }) => [
        { campaign },
        finished ? 1 : Math.max(0, throughPosition) / Math.max(1, toPosition),
      ]),
  );
}
