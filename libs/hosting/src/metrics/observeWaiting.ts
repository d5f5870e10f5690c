import type { WaitingPlace } from '@rapport/platform';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * What waits where in this process, and what was turned away, asked at each scrape.
 *
 * @param places those there are by now: some come into being with their first request
 */
export function observeWaiting(metrics: Registry, places: () => readonly WaitingPlace[]): void {
  const gauge = (name: string, help: string, value: (place: WaitingPlace) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['place'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const place of places()) this.set({ place: place.name }, value(place));
      },
    });
  const counter = (name: string, help: string, value: (place: WaitingPlace) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['place'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const place of places()) this.inc({ place: place.name }, value(place));
      },
    });
  gauge('rapport_waiting', 'What waits for its turn', ({ waiting }) => waiting);
  gauge('rapport_waiting_limit', 'What may wait for its turn at most', ({ limit }) => limit);
  counter(
    'rapport_refused_total',
    'Refused since the start with 503, as too much waited',
    ({ refused }) => refused,
  );
  counter(
    'rapport_abandoned_total',
    'Not begun since the start, as nobody waited for it any more',
    ({ abandoned }) => abandoned,
  );
}
