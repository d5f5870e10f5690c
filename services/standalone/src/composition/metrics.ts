import { alertCounter, observeCaches, observeFollowers, observeWaiting } from '@rapport/hosting';
import type { Backlog } from '@rapport/platform';
import { observeRequests, type AnsweredRequest } from '@rapport/service-gateway';
import { observeViews, Views } from '@rapport/service-projector';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { TENANT, type Alert, type Standalone } from './standalone.ts';

/** What one process tells Prometheus: what the separate services tell, where it means something in one. */
export class StandaloneMetrics {
  readonly registry = new Registry();
  /** Told of each request when its answer is sent. */
  readonly answered: (request: AnsweredRequest) => void;
  private readonly count: (alert: string) => void;

  constructor(private readonly log: Logger) {
    this.registry.setDefaultLabels({ service: 'standalone', tenant: TENANT });
    collectDefaultMetrics({ register: this.registry });
    this.answered = observeRequests(this.registry);
    this.count = alertCounter(this.registry);
  }

  readonly alert: Alert = (alert, facts) => {
    this.count(alert);
    this.log.error(facts, alert);
  };

  readonly inform: Alert = (what, facts) => this.log.warn(facts, what);

  observe(standalone: Standalone, http: Backlog): void {
    const { folder, runtime, transport } = standalone;
    observeCaches(runtime.caches, this.registry);
    observeWaiting(this.registry, () => [
      http,
      ...transport.waitingPlaces,
      runtime.backlog,
      ...(folder.events.waitingPlaces ?? []),
    ]);
    observeFollowers(this.registry, standalone.followers);
    observeViews(() => standalone.get(Views).kept.status(), { metrics: this.registry, log: this.log });
  }
}
