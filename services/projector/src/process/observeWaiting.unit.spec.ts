import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { observeWaiting } from './observeWaiting.ts';

const NOW = Date.parse('2026-03-10T02:00:00.000Z');

function metricsOf(views: object, campaigns: readonly object[] = []) {
  const metrics = new Registry();
  const warnings: unknown[] = [];
  const log = { warn: (facts: unknown) => warnings.push(facts) } as never;
  observeWaiting(
    views as never,
    { all: async () => campaigns as never },
    { metrics, log },
    { now: () => NOW },
  );
  return { text: () => metrics.metrics(), warnings };
}

describe('what waits, as metrics tell it', () => {
  it('is the first overdue due of each service, parked keys by owner, and how far campaigns are', async () => {
    const { text } = metricsOf(
      {
        find: async (_view: string, { filter }: { filter: { context: string } }) => ({
          placed: filter.context === 'tickets' ? [{ item: { fireAt: '2026-03-10T01:59:30.000Z' } }] : [],
        }),
        collection: () => ({ counts: async () => [[{ values: ['deadlines/tickets'], count: 3 }]] }),
      },
      [
        { campaign: 'running', finished: false, throughPosition: 25, toPosition: 100 },
        { campaign: 'done', finished: true, throughPosition: 100, toPosition: 100 },
      ],
    );
    const told = await text();
    expect(told).toContain('rapport_deadline_lag_seconds{context="tickets"} 30\n');
    expect(told).toContain('rapport_deadline_lag_seconds{context="profiles"} 0\n');
    expect(told).toContain('rapport_parked_keys{owner="deadlines/tickets"} 3\n');
    expect(told).toContain('rapport_campaign_progress_ratio{campaign="running"} 0.25\n');
    expect(told).toContain('rapport_campaign_progress_ratio{campaign="done"} 1\n');
  });

  it('has no values while the views do not answer: old ones would say that nothing waits', async () => {
    const away = async () => Promise.reject(new TypeError('away'));
    const { text, warnings } = metricsOf({ find: away, collection: () => ({ counts: away }) });
    expect(await text()).not.toMatch(/^rapport_(deadline|parked)[^ ]* \d/m);
    expect(warnings).toContainEqual({ metric: 'rapport_parked_keys', error: 'TypeError' });
  });
});
