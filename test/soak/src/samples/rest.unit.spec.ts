import { describe, expect, it } from '@jest/globals';
import { atRest } from './rest.ts';

describe('the product is at rest', () => {
  const views = { 'rapport_projection_lag_events{projection="tiers@2000",live="true"}': 0 };
  const ledger = { rapport_relay_lag_events: 0, 'rapport_waiting{place="records"}': 0 };

  it('where nothing waits, whatever may wait', () => {
    expect(atRest([views, { ...ledger, 'rapport_waiting_limit{place="records"}': 100 }])).toBe(true);
  });

  it.each([
    ['a view is behind', { 'rapport_projection_lag_events{projection="customers@2000",live="true"}': 3 }],
    ['a fact is to be published', { rapport_relay_lag_events: 1 }],
    ['a request waits', { 'rapport_waiting{place="http"}': 1 }],
    ['a due has not fired', { 'rapport_deadline_lag_seconds{context="tickets"}': 0.4 }],
    ['a campaign goes through the log', { 'rapport_campaign_progress_ratio{campaign="standing"}': 0.99 }],
  ])('not while %s', (_, told) => {
    expect(atRest([views, ledger, told])).toBe(false);
  });

  it('not where the projector does not tell how far its views are', () => {
    expect(atRest([{}, ledger])).toBe(false);
  });
});
