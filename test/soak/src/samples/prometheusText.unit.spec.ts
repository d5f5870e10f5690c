import { expect, it } from '@jest/globals';
import { parseMetrics } from './prometheusText.ts';

it('the product’s gauges are recorded by what tells them apart, without histograms and common labels', () => {
  const text = `# HELP rapport_cache_bytes Estimated bytes that a cache holds
# TYPE rapport_cache_bytes gauge
rapport_cache_bytes{cache="keys",service="tickets",tenant="main"} 1024
rapport_relay_lag_events{service="ledger",tenant="main"} 7
rapport_projection_lag_events{projection="customers@1000",live="true",service="projector",tenant="main"} 3
rapport_http_request_duration_seconds_bucket{le="0.1",route="/api",service="gateway",tenant="main"} 5
nodejs_heap_size_used_bytes{service="ledger",tenant="main"} 2.5e+7
process_cpu_seconds_total{service="ledger",tenant="main"} 1
`;
  expect(parseMetrics(text)).toEqual({
    'rapport_cache_bytes{cache="keys"}': 1_024,
    rapport_relay_lag_events: 7,
    'rapport_projection_lag_events{projection="customers@1000",live="true"}': 3,
    nodejs_heap_size_used_bytes: 25_000_000,
  });
});
