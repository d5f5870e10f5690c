import type { EventStore } from '@rapport/event-store';
import { linkTo, type ServiceHost } from '@rapport/hosting';
import { systemTimers } from '@rapport/platform';
import { Gauge } from 'prom-client';
import { forkOf, type LogLineage } from '../logIdentity/logLineage.ts';
import { FactsRelay } from '../relay/factsRelay.ts';
import type { RelayAlert } from '../relay/relayStatus.ts';

const STOPPED = 'publishing facts stopped';
const ALERTS: Readonly<Record<RelayAlert['kind'], string>> = {
  foreign: STOPPED,
  refused: STOPPED,
  damaged: STOPPED,
  changed: 'settings of the facts stream were changed',
  lost: 'the facts stream has lost facts',
};

/** The relay beside the ledger, on a connection and with a NATS user of its own. */
export interface PublishedFacts {
  close(): Promise<void>;
}

/** Publishes facts as soon and as long as NATS is there; recording never waits for it (design.md, «Operations»). */
export function publishFacts(
  host: ServiceHost<'ledger'>,
  store: EventStore,
  lineage: LogLineage,
): PublishedFacts {
  const { logId } = lineage;
  const fork = forkOf(lineage);
  const { configuration, alert, metrics } = host;
  const { tenant, factsUser, factsPassword, factsReplicas, factsMaxBytes } = configuration;
  const link = linkTo(host, 'relay', factsUser, factsPassword, {
    user: 'RAPPORT_FACTS_USER',
    password: 'RAPPORT_FACTS_PASSWORD_FILE',
  });
  const stop = new AbortController();
  const running = link.connected().then(
    async (connection) => {
      const relay = new FactsRelay({
        connection,
        store,
        logId,
        tenant,
        ...(fork !== undefined && {
          restored: {
            formerLogIds: lineage.former.map((log) => log.logId),
            from: fork.forkIndex + 1,
          },
        }),
        settings: { replicas: factsReplicas, maxBytes: factsMaxBytes },
        timers: systemTimers,
        alert: ({ kind, reason, remedy }) => alert(ALERTS[kind], { kind, reason, remedy }),
      });
      observe(relay, metrics);
      await relay.run(stop.signal);
    },
    // Closed before there ever was a connection.
    () => undefined,
  );
  return {
    async close() {
      stop.abort();
      await link.close();
      await running;
    },
  };
}

function observe(relay: FactsRelay, metrics: ServiceHost<'ledger'>['metrics']): void {
  const registers = [metrics];
  new Gauge({
    name: 'rapport_relay_lag_events',
    help: 'Recorded events that are not known to be published as facts',
    registers,
    collect() {
      this.set(relay.status().lag);
    },
  });
  new Gauge({
    name: 'rapport_relay_published_index',
    help: 'Index of the last event that is known to be published',
    registers,
    collect() {
      this.set(relay.status().publishedIndex);
    },
  });
  new Gauge({
    name: 'rapport_relay_state',
    help: '1 for what the relay is doing',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      this.set({ state: relay.status().state }, 1);
    },
  });
}
