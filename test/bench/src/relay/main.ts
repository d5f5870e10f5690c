// A relay that catches up, in a process of its own: main.ts STORE OUTCOME EVENTS. The store is written on first use.
import { writeFileSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';
import { EmbeddedEventStore } from '@rapport/event-store';
import { NatsServer } from '@rapport/messaging/testing';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { FactsRelay } from '@rapport/service-ledger';
import { WRITTEN_LOG_ID, WrittenLog } from '@rapport/service-ledger/testing';
import type { RelayResult } from './relayResult.ts';

const [directory = '', outcome = '', events = '0'] = process.argv.slice(2);
const wanted = Number(events);
const store = await EmbeddedEventStore.open({ directory });
if ((await store.head()).index + 1 < wanted) await new WrittenLog(store).growTo(wanted);
const sample = await store.readCounted(0, 1_000);

const server = await NatsServer.start({ jetStream: true });
const connection = await connect({ servers: server.url, noAsyncTraces: true });
const relay = new FactsRelay({
  connection,
  store,
  tenant: 'main',
  logId: WRITTEN_LOG_ID,
  timers: systemTimers,
  alert: ({ reason }) => console.error(reason),
});
const end = new AbortController();
const began = systemMonotonicClock.now();
const running = relay.run(end.signal);
while (relay.status().publishedIndex < wanted - 1) {
  if (systemMonotonicClock.now() - began > 120_000)
    throw new Error(`stuck: ${JSON.stringify(relay.status())}`);
  await systemTimers.sleep(2);
}
const result: RelayResult = {
  events: wanted,
  bytesPerEvent: sample.reduce((sum, { data }) => sum + data.byteLength, 0) / sample.length,
  ms: systemMonotonicClock.now() - began,
};
end.abort();
await running;
await connection.close();
await server.stop();
await store.close();
writeFileSync(outcome, JSON.stringify(result));
process.exit(0);
