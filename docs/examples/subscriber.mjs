// Reads every fact of Rapport once and in order, from the first one on, and goes on live: docs/subscribe.md.
//
//   NATS_URL=nats://127.0.0.1:4222 PASSWORD_FILE=secrets/subscriber.password STATE_FILE=state.json node subscriber.mjs
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const { NATS_URL, PASSWORD_FILE, STATE_FILE, TENANT = 'main', NATS_USER = 'subscriber' } = process.env;

/** What a subscriber may ask the ledger. */
const LEDGER = { head: `crm.${TENANT}.ledger.v1.head`, readCounted: `crm.${TENANT}.ledger.v1.read-counted` };

/** How often to look whether the facts have moved to another stream, in ms: the old one just stays silent. */
const LOOK_EVERY_MS = 5_000;

const connection = await connect({
  servers: NATS_URL,
  user: NATS_USER,
  pass: readFileSync(PASSWORD_FILE, 'utf8').trim(),
  // No other inbox is permitted.
  inboxPrefix: `_INBOX.${NATS_USER}`,
  maxReconnectAttempts: -1,
  waitOnFirstConnect: true,
});
const manager = await jetstreamManager(connection, { checkAPI: false });

/** The log that was read, and the index that was handled last. */
let state = existsSync(STATE_FILE)
  ? JSON.parse(readFileSync(STATE_FILE, 'utf8'))
  : { logId: undefined, index: -1 };

/** Your work goes here. Keep its result and the index together, in one transaction: then each fact counts once. */
function handle({ index, type, stream, data }) {
  const { recordedAt } = JSON.parse(data);
  keep({ ...state, index });
  console.log(`fact ${index} ${type} ${stream} ${recordedAt}`);
}

/** After a restore: facts of a higher index were lost. Undo here what they did. */
function forgetAfter(index) {
  console.log(`forget what came after ${index}`);
}

function keep(next) {
  state = next;
  writeFileSync(`${STATE_FILE}.new`, JSON.stringify(state));
  renameSync(`${STATE_FILE}.new`, STATE_FILE);
}

/** Asks the ledger. Its answer is JSON; the header Rapport-Problem says that it is a refusal. */
async function ask(subject, body) {
  const reply = await connection.request(subject, JSON.stringify(body), { timeout: 10_000 });
  if (reply.headers?.has('Rapport-Problem')) throw new Error(`${subject}: ${reply.json().detail}`);
  return reply.json();
}

/** The latest stream of a log's facts, and the index of its first fact. */
async function findStream(logId) {
  const prefix = `crm-${TENANT}-facts-${logId}-g`;
  const generations = [];
  for await (const name of manager.streams.names()) {
    if (name.startsWith(prefix)) generations.push(Number(name.slice(prefix.length)));
  }
  if (generations.length === 0) throw new Error(`no stream has facts of log ${logId} yet`);
  const name = `${prefix}${Math.max(...generations)}`;
  const { config, state: stored } = await manager.streams.info(name);
  const offset = Number(config.metadata['crm-offset']);
  // JetStream counts from 1, and drops its oldest messages where it has no more room.
  return { name, offset, first: offset + Math.max(1, stored.first_seq) - 1 };
}

/** Where the log is another one than we read: after a restore it shares the facts up to the fork with the former. */
function joinLog({ logId, formerLogId, forkIndex }) {
  if (state.logId === logId) return;
  if (state.logId === undefined) return keep({ logId, index: -1 });
  if (state.logId !== formerLogId)
    throw new Error(`log ${logId} does not follow ${state.logId}: see the manual`);
  if (state.index > forkIndex) forgetAfter(forkIndex);
  keep({ logId, index: Math.min(state.index, forkIndex) });
}

/** From the ledger, which has every fact: those that stand before an index. */
async function readLedger(before) {
  while (state.index + 1 < before && !stopping.signal.aborted) {
    const { events } = await ask(LEDGER.readCounted, { fromIndex: state.index + 1, limit: 500 });
    if (events.length === 0) return;
    for (const { data, encoding = 'utf8', ...event } of events) {
      if (event.index < before) handle({ ...event, data: Buffer.from(data, encoding).toString() });
    }
  }
}

/** From the stream: stored facts, then live ones, until it has a gap or another stream takes over. */
async function readStream(stream) {
  const consumer = await jetstream(connection).consumers.get(stream.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: state.index + 2 - stream.offset,
  });
  const messages = await consumer.consume();
  const end = () => void messages.close();
  stopping.signal.addEventListener('abort', end);
  const looking = setInterval(() => {
    moved(stream).then(
      (gone) => gone && end(),
      (error) => console.error(error.message),
    );
  }, LOOK_EVERY_MS);
  try {
    for await (const { headers, data } of messages) {
      if (stopping.signal.aborted) return;
      const index = Number(headers.get('Crm-Index'));
      if (index <= state.index) continue;
      // A gap: the ledger has what is missing.
      if (headers.get('Crm-Log') !== state.logId || index !== state.index + 1) return await readLedger(index);
      const [type, of] = [headers.get('Crm-Type'), headers.get('Crm-Stream')];
      handle({ index, type, stream: of, data: Buffer.from(data).toString() });
    }
  } finally {
    clearInterval(looking);
    stopping.signal.removeEventListener('abort', end);
    await messages.close();
  }
}

/** Whether facts go elsewhere now: another log after a restore, or another generation after a repair. */
async function moved({ name }) {
  const { logId } = await ask(LEDGER.head, {});
  return logId !== state.logId || (await findStream(logId)).name !== name;
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());

while (!stopping.signal.aborted) {
  try {
    joinLog(await ask(LEDGER.head, {}));
    const stream = await findStream(state.logId);
    await readLedger(stream.first);
    await readStream(stream);
  } catch (error) {
    // NATS or the ledger is away: nothing was skipped, go on from the same index.
    console.error(error.message);
    await pause(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}
await connection.close();
