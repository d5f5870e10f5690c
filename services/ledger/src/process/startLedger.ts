import {
  eraseAgain,
  ErasureFront,
  followErasures,
  openKeys,
  pulseOf,
  readyWhen,
  serveOnNats,
  verifyingAssertions,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { followingAlerts } from '@rapport/event-sourcing';
import { systemClock, systemRandom, systemTimers } from '@rapport/platform';
import { LedgerModule } from '../ledgerModule.ts';
import { forkOf } from '../logIdentity/logLineage.ts';
import { openLineage } from '../logIdentity/openLog.ts';
import { LedgerService } from '../recording/ledgerService.ts';
import { mayRecord } from '../recording/mayRecord.ts';
import { openEvents } from './openEvents.ts';
import { publishFacts } from './publishFacts.ts';

/** The ledger as a process: the only one with credentials of the event store. Any number of replicas on KurrentDB. */
export async function startLedger(host: ServiceHost<'ledger'>): Promise<RunningService> {
  const { caches, configuration, alert, followers, reach } = host;
  const { tenant, assertionKeys } = configuration;
  const store = await reach('eventStore', openEvents(configuration.eventStore, caches));
  for (const follower of store.followers ?? []) followers.register(follower);
  const lineage = await reach(
    'eventStore',
    openLineage(store, tenant, { clock: systemClock, random: systemRandom }),
  );
  const { logId } = lineage;
  const fork = forkOf(lineage);
  const begun = await store.head();
  // Nothing but the log's own beginning: nothing is sealed yet.
  const keys = await reach('keys', openKeys(configuration, begun.index > 0, caches));
  await reach('keys', keys.bindTo(logId));
  // Before anybody can ask for a head: a restored backup of the keys erases again first (contract.md).
  const { unreadable } = followingAlerts(alert, 'erasure');
  await reach('keys', eraseAgain(store, keys, unreadable));
  const erasures = new ErasureFront(keys, begun.position);
  const ledger = new LedgerService({
    tenant,
    logId,
    store,
    clock: systemClock,
    timers: systemTimers,
    actors: verifyingAssertions(assertionKeys, caches),
    mayRecord: (actor, origin) => mayRecord(actor, origin, false),
    alert,
  });
  const eraser = followErasures(ledger, erasures, { timers: systemTimers, alert, followers });
  // From where it was erased again: what another replica records meanwhile is seen.
  eraser.startAfter(begun);
  const served = await serveOnNats(
    host,
    LedgerModule.serving({
      ledger,
      store,
      logId,
      ...(fork && { fork }),
      timers: systemTimers,
      caches,
      alert,
    }),
    store.waitingPlaces,
  );
  const facts = publishFacts(host, store, lineage);
  const storePulse = pulseOf(host, 'eventStore', () => store.head());
  const keysPulse = pulseOf(host, 'keys', () => keys.boundLog());
  return {
    readiness: () => readyWhen({ nats: served.up, eventStore: storePulse.up }, { keys: keysPulse.up }),
    async close() {
      storePulse.stop();
      keysPulse.stop();
      await served.close();
      await facts.close();
      await eraser.stop();
      await keys.close();
      await store.close();
    },
  };
}
