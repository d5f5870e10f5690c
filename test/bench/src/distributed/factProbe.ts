import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { streamName } from '@rapport/contracts';
import { findFactsStream, inspectFactsStream, NatsLink, readFacts } from '@rapport/messaging';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { RunningDeployment } from '../arms/distributedArm.ts';
import { signIn } from '../arms/rapportArm.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { NotAvailable, reason } from '../notAvailable.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';

export interface FactTimes {
  /** Milliseconds from sending a command until its fact came to a subscriber. */
  readonly toFact: number[];
  readonly failures: string[];
}

const EVERY_MS = 50;
const PATIENCE_MS = 10_000;

/** Opens a ticket now and then and waits, as a subscriber, for the fact that says so, until aborted. */
export async function probeFacts(
  arm: RunningDeployment,
  customers: readonly string[],
  stop: AbortSignal,
): Promise<FactTimes> {
  const times: FactTimes = { toFact: [], failures: [] };
  const ended = new AbortController();
  const link = subscriberLink(arm);
  try {
    const cameAt = new Map<string, number>();
    const connection = await link.connected();
    const manager = await jetstreamManager(connection, { checkAPI: false });
    // Its end is known before the first ticket is opened, so that no fact is missed.
    const tail = await tailOf(arm, manager);
    const reading = watchOpenedTickets(
      readFacts({ connection, manager, ...tail, signal: ended.signal }),
      cameAt,
    );
    reading.catch((error: unknown) => times.failures.push(reason(error)));
    for (let n = 0; !stop.aborted && times.failures.length === 0; n += 1) {
      try {
        times.toFact.push(await probeOnce(arm, openTicketBody(customers[n % customers.length]!, n), cameAt));
      } catch (error) {
        times.failures.push(reason(error));
      }
      await systemTimers.sleep(EVERY_MS);
    }
  } finally {
    ended.abort();
    await link.close();
  }
  return times;
}

function subscriberLink({ deployment }: RunningDeployment): NatsLink {
  const { tenant, natsUrl, secrets } = deployment.places;
  const password = readFileSync(join(secrets, 'subscriber.password'), 'utf8').trim();
  const user = 'subscriber';
  return new NatsLink({ servers: [natsUrl], service: user, tenant, user, password: () => password });
}

/** Notes when the fact of each opened ticket came, by its stream. */
async function watchOpenedTickets(
  facts: ReturnType<typeof readFacts>,
  cameAt: Map<string, number>,
): Promise<void> {
  for await (const { type, stream } of facts) {
    if (type.endsWith('.TicketOpened')) cameAt.set(stream, systemMonotonicClock.now());
  }
}

/** The facts stream, and the index that comes next in it. */
async function tailOf(arm: RunningDeployment, manager: JetStreamManager) {
  const { tenant } = arm.deployment.places;
  const stream = await findFactsStream(manager, { tenant, logId: await logIdOf(arm) });
  if (stream === undefined) throw new NotAvailable('not available: there is no facts stream');
  const { sequence } = await inspectFactsStream(manager, stream);
  return { stream, fromIndex: sequence + stream.offset };
}

async function logIdOf({ port }: RunningDeployment): Promise<string> {
  const token = await signIn(port, 'auditor');
  const { body } = await jsonRequest({ port, method: 'GET', path: '/api/events?from=0&limit=1', token });
  return String(body['logId']);
}

async function probeOnce(
  { port, token }: RunningDeployment,
  body: unknown,
  cameAt: Map<string, number>,
): Promise<number> {
  const sentAt = systemMonotonicClock.now();
  const { status, body: answer } = await jsonRequest({
    port,
    method: 'POST',
    path: '/api/tickets',
    token,
    body,
  });
  if (status !== 201) throw new Error(`POST /api/tickets answered ${status}`);
  const stream = streamName('ticket', String(answer['id']));
  for (;;) {
    const came = cameAt.get(stream);
    if (came !== undefined) return came - sentAt;
    if (systemMonotonicClock.now() - sentAt > PATIENCE_MS) {
      throw new Error(`no fact of a ticket within ${PATIENCE_MS / 1000} s`);
    }
    await systemTimers.sleep(1);
  }
}
