import { setMaxListeners } from 'node:events';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import {
  headers,
  PermissionViolationError,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import {
  notBegun,
  overloaded,
  Problem,
  systemMonotonicClock,
  systemTimers,
  type MonotonicClock,
  type ProblemDetails,
  type Timers,
  type WaitingPlace,
  type Wanted,
} from '@rapport/platform';
import { isObservable, lastValueFrom } from 'rxjs';
import { isWireProblem } from '../problemFilter.ts';
import { withoutMessage } from '../withoutMessage.ts';
import { DEFAULT_TIMEOUT_MS, MAX_MESSAGE_BYTES } from '../requestClient.ts';
import { RequestContext } from '../requestContext.ts';
import type { AdmissionLimits } from '../serving/admission.ts';
import { DEFAULT_LIMITS, Places } from '../serving/places.ts';
import type { NatsLink } from './natsLink.ts';
import { NatsRefusal } from './natsRefusal.ts';
import {
  CORRELATION_ID,
  decodeMessage,
  defect,
  encodeMessage,
  PROBLEM,
  TIME_LEFT,
  tooLarge,
  TRACEPARENT,
  wireSubject,
} from './wire.ts';

export interface NatsStrategyOptions {
  /** Requests of this server at the same time; beyond, it answers `unavailable`. Default 256 and 1,024. */
  readonly limits?: AdmissionLimits;
  /** The same for requests from outside (ServedOutside), which take none of those places. Default 16 and 112. */
  readonly outsideLimits?: AdmissionLimits;
  /** How long closing waits for requests under way, in milliseconds; default 10,000. */
  readonly graceMs?: number;
  readonly timers?: Timers;
  readonly monotonic?: MonotonicClock;
}

/** How long a subject that the server refuses while this serves is left alone before it is asked for again. */
const REFUSED_PAUSE_MS = 5_000;

/** In the extras of a message pattern: who asks by this subject is no service of ours, and may ask without end. */
export interface ServedOutside {
  readonly outside: string;
}

/**
 * Nest's side of NATS: `NestFactory.createMicroservice(module, { strategy: new NatsStrategy(link) })`.
 *
 * Nest's own ServerNats has neither deadlines nor limits, sleeps in place of draining, has a connection of its own for
 * each server and gives up when NATS is away at the start.
 */
export class NatsStrategy extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly closing = new AbortController();
  private readonly places: Places;
  private readonly outside: Places;
  private readonly graceMs: number;
  private readonly timers: Timers;
  private readonly monotonic: MonotonicClock;

  constructor(
    private readonly link: NatsLink,
    options: NatsStrategyOptions = {},
  ) {
    super();
    // Whoever waits for something to happen listens, however many they are.
    setMaxListeners(0, this.closing.signal);
    this.places = new Places('requests', options.limits ?? DEFAULT_LIMITS);
    this.outside = new Places(
      'requests from outside',
      options.outsideLimits ?? { running: 16, waiting: 112 },
    );
    this.graceMs = options.graceMs ?? 10_000;
    this.timers = options.timers ?? systemTimers;
    this.monotonic = options.monotonic ?? systemMonotonicClock;
  }

  /** Waits for NATS as long as it takes: readiness says meanwhile that this service is not there yet. */
  listen(callback: (error?: unknown) => void): void {
    this.subscribe().then(() => callback(), callback);
  }

  /** Takes no new requests, answers those under way, and leaves the connection to its owner. */
  async close(): Promise<void> {
    this.closing.abort();
    const drained = this.drain();
    let cancel = (): void => undefined;
    const grace = new Promise<'late'>((resolve) => {
      cancel = this.timers.schedule(this.graceMs, () => resolve('late'));
    });
    if ((await Promise.race([drained, grace])) === 'late') {
      this.logger.error(`closed with ${this.places.size + this.outside.size} requests unanswered`);
    }
    cancel();
  }

  /** Where requests wait here. */
  get waitingPlaces(): readonly WaitingPlace[] {
    return [...this.places.all, ...this.outside.all];
  }

  on(): never {
    throw new TypeError('listen to the status of the NatsLink');
  }

  unwrap<T>(): T {
    return this.link as T;
  }

  /** Never rejects: where the connection is gone nothing comes any more, and nobody is left to answer. */
  private async drain(): Promise<void> {
    const open = this.subscriptions.splice(0).filter((subscription) => !subscription.isClosed());
    await Promise.allSettled(open.map((subscription) => subscription.drain()));
    await Promise.all([this.places.idle(), this.outside.idle()]);
    await this.link.up?.flush().catch(() => undefined);
  }

  private async subscribe(): Promise<void> {
    const connection = await this.link.connected();
    let refused: Error | undefined;
    let serving = false;
    for (const [subject, handler] of this.messageHandlers) {
      this.subscribeTo(connection, subject, handler, (refusal) => {
        refused = refusal;
        return serving;
      });
    }
    await seen(connection);
    if (refused !== undefined) throw refused;
    serving = true;
  }

  /** @param refusedBy is told when the server does not permit it (any more); answers whether to try again later */
  private subscribeTo(
    connection: NatsConnection,
    subject: string,
    handler: MessageHandler,
    refusedBy: (refusal: Error) => boolean,
  ): void {
    const { service, tenant, user } = this.link.settings;
    const subscription = connection.subscribe(wireSubject(tenant, subject), {
      queue: service,
      callback: (error, message) => {
        // The reader of the connection stops for good when this throws.
        try {
          if (error === null) return this.receive(subject, handler, message);
          const refusal = refusalOf(error, user);
          this.logger.error(refusal.message);
          if (refusedBy(refusal)) void subscribeAgain();
        } catch (thrown) {
          this.logger.error(withoutMessage(thrown));
        }
      },
    });
    this.subscriptions.push(subscription);
    // The client has dropped it, and does not ask for it again: not even when permissions are set right.
    const subscribeAgain = async (): Promise<void> => {
      this.subscriptions.splice(this.subscriptions.indexOf(subscription), 1);
      await this.timers.sleep(REFUSED_PAUSE_MS, this.closing.signal).catch(() => undefined);
      if (this.closing.signal.aborted || connection.isClosed() || connection.isDraining()) return;
      this.subscribeTo(connection, subject, handler, refusedBy);
    };
  }

  private receive(subject: string, handler: MessageHandler, message: Msg): void {
    if (message.reply === undefined || message.reply === '') return;
    const timeLeft = Number(message.headers?.get(TIME_LEFT) || DEFAULT_TIMEOUT_MS);
    const expires = this.monotonic.now() + timeLeft;
    const wanted = (): boolean => this.monotonic.now() < expires;
    const { outside } = (handler.extras ?? {}) as Partial<ServedOutside>;
    const places = subject === outside ? this.outside : this.places;
    const admitted = places.of(handler.extras).admit({
      wanted,
      run: () => this.answer(handler, message, wanted),
      abandon: () => this.refuse(message, notBegun(subject)),
    });
    if (!admitted) this.refuse(message, overloaded(subject));
  }

  private refuse(message: Msg, { details }: Problem): void {
    this.respondSafely(() => respondProblem(message, details));
  }

  /** Never rejects: what goes wrong is answered. */
  private async answer(handler: MessageHandler, message: Msg, wanted: Wanted): Promise<void> {
    try {
      const reply = await settle(await handler(readable(message), this.contextOf(message, wanted)));
      message.respond(encodeMessage(reply));
    } catch (thrown) {
      this.answerFailure(message, thrown);
    }
  }

  private answerFailure(message: Msg, thrown: unknown): void {
    this.respondSafely(() => {
      if (isWireProblem(thrown)) respondProblem(message, thrown.problem);
      else if (thrown instanceof Problem) respondProblem(message, thrown.details);
      else {
        this.logger.error(withoutMessage(thrown));
        respondProblem(message, defect());
      }
    });
  }

  private respondSafely(respond: () => void): void {
    try {
      respond();
    } catch (unsent) {
      // The connection is closed: there is no way left to tell them.
      this.logger.error((unsent as Error).message);
    }
  }

  private contextOf({ headers: sent }: Msg, wanted: Wanted): RequestContext {
    return new RequestContext({
      wanted,
      correlationId: sent?.get(CORRELATION_ID) || undefined,
      traceparent: sent?.get(TRACEPARENT) || undefined,
      closing: this.closing.signal,
    });
  }
}

/**
 * Resolves when the server has seen all that was subscribed, and has refused what it does not permit; also where it has
 * gone meanwhile: the client subscribes again when it is back.
 */
async function seen(connection: NatsConnection): Promise<void> {
  const closed = connection.closed().then(() => {
    throw new Error('the connection to NATS is closed');
  });
  closed.catch(() => undefined);
  for (;;) {
    try {
      // What waits when the connection is closed is told nothing; at each attempt to connect again it is rejected.
      return await Promise.race([connection.flush(), closed]);
    } catch (error) {
      if (connection.isClosed()) throw error;
    }
  }
}

function refusalOf(error: Error, user: string | undefined): Error {
  if (!(error instanceof PermissionViolationError)) return error;
  return new NatsRefusal(`${error.operation} to ${error.subject}`, user);
}

function readable({ data }: Msg): unknown {
  if (data.byteLength > MAX_MESSAGE_BYTES) throw tooLarge();
  let message: unknown;
  try {
    message = decodeMessage(data);
  } catch {
    // Below.
  }
  if (typeof message === 'object' && message !== null) return message;
  throw new Problem({ kind: 'invalid-input', detail: 'A message must be a JSON object.' });
}

async function settle(result: unknown): Promise<unknown> {
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function respondProblem(message: Msg, problem: ProblemDetails): void {
  const replyHeaders = headers();
  replyHeaders.set(PROBLEM, problem.kind);
  message.respond(encodeMessage(problem), { headers: replyHeaders });
}
