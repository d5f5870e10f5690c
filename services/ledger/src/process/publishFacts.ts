import type { EventStore } from '@rapport/event-store';
import { linkTo, type ServiceHost } from '@rapport/hosting';
import { systemTimers, type Progress } from '@rapport/platform';
import { Gauge } from 'prom-client';
import { forkOf, type LogLineage } from '../logIdentity/logLineage.ts';
import { FactsRelay } from '../relay/factsRelay.ts';
import type { RelayAlert, RelayStatus } from '../relay/relayStatus.ts';

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
  const { configuration, alert, metrics, followers } = host;
  const { tenant, factsUser, factsPassword, factsReplicas, factsMaxBytes } = configuration;
  const link = linkTo(host, 'relay', factsUser, factsPassword, {
    user: 'RAPPORT_FACTS_USER',
    password: 'RAPPORT_FACTS_PASSWORD_FILE',
  });
  const stop = new AbortController();
  let relay: FactsRelay | undefined;
  observe(async () => relay?.status() ?? notBegun((await store.head()).index), metrics);
  const forget = followers.register({
    kind: 'relay',
    name: 'facts',
    // Also before there ever was a connection, and hence a relay.
    progress: async (look) => progressOf(relay?.status(), (await look.head(store)).index),
  });
  const running = link.connected().then(
    async (connection) => {
      relay = new FactsRelay({
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
      await relay.run(stop.signal);
    },
    // Closed before there ever was a connection.
    () => undefined,
  );
  return {
    async close() {
      forget();
      stop.abort();
      await link.close();
      await running;
    },
  };
}

/** @param head index of the last counted event */
function progressOf(status: RelayStatus | undefined, head: number): Progress {
  return { position: status?.publishedIndex ?? -1, head, standsBy: status?.state === 'standby' };
}

/** Of what the metrics tell: also while NATS was never there, or refuses the relay's user, lag must grow. */
type Observed = Pick<RelayStatus, 'state' | 'publishedIndex' | 'lag'>;

function notBegun(headIndex: number): Observed {
  return { state: 'healing', publishedIndex: -1, lag: headIndex + 1 };
}

function observe(status: () => Promise<Observed>, metrics: ServiceHost<'ledger'>['metrics']): void {
  const registers = [metrics];
  // While the store does not answer they stay as they were.
  const whenKnown = (set: (observed: Observed) => void) => status().then(set, () => undefined);
  new Gauge({
    name: 'rapport_relay_lag_events',
    help: 'Recorded events that are not known to be published as facts',
    registers,
    collect() {
      return whenKnown(({ lag }) => this.set(lag));
    },
  });
  new Gauge({
    name: 'rapport_relay_published_index',
    help: 'Index of the last event that is known to be published',
    registers,
    collect() {
      return whenKnown(({ publishedIndex }) => this.set(publishedIndex));
    },
  });
  new Gauge({
    name: 'rapport_relay_state',
    help: '1 for what the relay is doing',
    labelNames: ['state'],
    registers,
    collect() {
      return whenKnown(({ state }) => {
        this.reset();
        this.set({ state }, 1);
      });
    },
  });
}
