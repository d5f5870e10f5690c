import type { ServiceHost } from '@rapport/hosting';
import { inTime } from '@rapport/platform';
import type { ProjectionStatus } from '@rapport/views';
import { Gauge } from 'prom-client';

/** How long a scrape waits for the ledger and the views, in ms: shorter than Prometheus does. */
const PATIENCE_MS = 5_000;

type Status = readonly (ProjectionStatus & { readonly live: boolean })[];

/**
 * How far each projection is, asked at each scrape. While ledger or views do not answer both metrics have no values:
 * old ones would say that nothing is behind.
 */
export function observeViews(
  status: () => Promise<Status>,
  { metrics, log }: Pick<ServiceHost<'projector'>, 'metrics' | 'log'>,
): void {
  let asking: Promise<Status> | undefined;
  /** One question for both metrics of a scrape. */
  const known = (): Promise<Status> =>
    (asking ??= inTime(status(), PATIENCE_MS, () => new Error('late'))
      .catch((error: unknown) => {
        log.warn({ error: error instanceof Error ? error.name : typeof error }, 'projections tell no status');
        return [];
      })
      .finally(() => (asking = undefined)));
  const gauge = (name: string, help: string, value: (status: ProjectionStatus) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['projection', 'live'],
      registers: [metrics],
      async collect() {
        const all = await known();
        this.reset();
        for (const one of all) this.set({ projection: one.projection, live: String(one.live) }, value(one));
      },
    });
  gauge(
    'rapport_projection_lag_events',
    'Recorded events that a projection does not show yet',
    ({ lag }) => lag,
  );
  gauge(
    'rapport_projection_parked_keys',
    'Keys of a projection that wait for repair',
    ({ parkedKeys }) => parkedKeys,
  );
}
