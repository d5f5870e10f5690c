// A relay in a process of its own, over a written log: `relayProgram SERVERS REPLICAS COUNTED`.
// A number on standard input lets the log grow to that many counted events, as it does in every other such process.
// Prints the relay's status as a line of JSON whenever it changes; ends with its standard input.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect } from '@nats-io/transport-node';
import { systemTimers } from '@rapport/platform';
import { FactsRelay } from '@rapport/service-ledger';
import { WRITTEN_LOG_ID, WrittenLog } from '@rapport/service-ledger/testing';

const [servers = '', replicas = '1', counted = '0'] = process.argv.slice(2);
const log = new WrittenLog();
await log.growTo(Number(counted));
const connection = await connect({
  servers: servers.split(','),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  waitOnFirstConnect: true,
  pingInterval: 500,
  noAsyncTraces: true,
});
const relay = new FactsRelay({
  connection,
  store: log.store,
  tenant: 'main',
  logId: WRITTEN_LOG_ID,
  settings: { replicas: replicas === '3' ? 3 : 1, maxBytes: 256 * 1024 * 1024 },
  timers: systemTimers,
  alert: () => {},
});
void relay.run(new AbortController().signal);

let printed = '';
setInterval(() => {
  const status = JSON.stringify(relay.status());
  if (status !== printed) writeSync(1, `${status}\n`);
  printed = status;
}, 2);

let growing = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  growing = growing.then(() => log.growTo(Number(line)));
}
process.exit(0);
