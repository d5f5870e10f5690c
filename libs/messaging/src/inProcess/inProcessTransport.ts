import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import {
  notBegun,
  overloaded,
  Problem,
  systemTimers,
  type Timers,
  type WaitingPlace,
} from '@rapport/platform';
import { isObservable, lastValueFrom } from 'rxjs';
import { isWireProblem } from '../problemFilter.ts';
import {
  DEFAULT_TIMEOUT_MS,
  MAX_MESSAGE_BYTES,
  Unanswered,
  type RequestClient,
  type RequestOptions,
} from '../requestClient.ts';
import { RequestContext } from '../requestContext.ts';
import type { AdmissionLimits } from '../serving/admission.ts';
import { DEFAULT_LIMITS, Places } from '../serving/places.ts';
import { assertPlainJson } from './plainJson.ts';

export interface InProcessOptions {
  /**
   * Encodes and decodes every message, as NATS would: for tests, so that what works in one process works on the
   * wire.
   */
  readonly encode?: boolean;
  /** Requests of one context at the same time; beyond, they are refused as `unavailable`. Default 256 and 1,024. */
  readonly limits?: AdmissionLimits;
  readonly timers?: Timers;
}

/** All message handlers of one process, by subject. */
export class InProcessTransport implements RequestClient {
  private readonly handlers = new Map<string, MessageHandler>();
  /**
   * By context, as each has a process of its own on NATS. A handler that asks another context holds no place that the
   * other one needs.
   */
  private readonly places = new Map<string, Places>();
  private readonly timers: Timers;

  constructor(private readonly options: InProcessOptions = {}) {
    this.timers = options.timers ?? systemTimers;
  }

  /** A Nest transport strategy whose handlers join this transport while it listens. */
  server(): InProcessServer {
    return new InProcessServer(this.handlers);
  }

  /** Where requests wait here. */
  get waitingPlaces(): readonly WaitingPlace[] {
    return [...this.places.values()].flatMap(({ all }) => all);
  }

  async request<Reply>(subject: string, message: object, options: RequestOptions = {}): Promise<Reply> {
    const handler = this.handlers.get(subject);
    if (handler === undefined) {
      throw new Unanswered(`Nobody serves ${subject} right now.`);
    }
    if (options.wanted?.() === false) throw notBegun(subject);
    const { timeoutMs = DEFAULT_TIMEOUT_MS, correlationId, traceparent } = options;
    return new Promise((resolve, reject) => {
      let inTime = true;
      const cancel = this.timers.schedule(timeoutMs, () => {
        inTime = false;
        reject(new Unanswered(`${subject} did not answer within ${timeoutMs} ms.`));
      });
      const fail = (thrown: unknown): void => {
        cancel();
        reject(isWireProblem(thrown) ? new Problem(thrown.problem) : thrown);
      };
      const wanted = (): boolean => inTime && options.wanted?.() !== false;
      const context = new RequestContext({ correlationId, traceparent, wanted });
      const admitted = this.placesOf(subject)
        .of(handler.extras)
        .admit({
          wanted,
          run: () =>
            this.dispatch(handler, message, context).then((reply) => {
              cancel();
              resolve(reply as Reply);
            }, fail),
          abandon: () => fail(notBegun(subject)),
        });
      if (!admitted) fail(overloaded(subject));
    });
  }

  private placesOf(subject: string): Places {
    const name = contextOf(subject);
    let places = this.places.get(name);
    if (places === undefined) {
      places = new Places(name, this.options.limits ?? DEFAULT_LIMITS);
      this.places.set(name, places);
    }
    return places;
  }

  private async dispatch(
    handler: MessageHandler,
    message: object,
    context: RequestContext,
  ): Promise<unknown> {
    if (this.options.encode !== true) return settle(await handler(message, context));
    const reply = await settle(await handler(throughTheWire(message), context)).catch((thrown: unknown) => {
      throw isWireProblem(thrown) ? throughTheWire(thrown) : thrown;
    });
    return throughTheWire(reply);
  }
}

/** `commands.profiles` of `commands.v1.profiles.RegisterCustomer`. */
function contextOf(subject: string): string {
  const [kind = '', , context] = subject.split('.', 3);
  return context === undefined ? kind : `${kind}.${context}`;
}

async function settle(result: unknown): Promise<unknown> {
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function throughTheWire(value: unknown): unknown {
  if (value === undefined) return undefined;
  assertPlainJson(value);
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    throw new Problem({
      kind: 'too-large',
      detail: `A message may have ${MAX_MESSAGE_BYTES} bytes at most.`,
    });
  }
  return JSON.parse(text);
}

/** Nest's side of the in-process transport: `app.connectMicroservice({ strategy: transport.server() })`. */
export class InProcessServer extends Server implements CustomTransportStrategy {
  constructor(private readonly shared: Map<string, MessageHandler>) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      if (this.shared.has(subject)) {
        callback(new TypeError(`two handlers for ${subject}`));
        return;
      }
      this.shared.set(subject, handler);
    }
    callback();
  }

  close(): void {
    // Only its own: a server that was refused a subject must not take it from the one that has it.
    for (const [subject, handler] of this.messageHandlers) {
      if (this.shared.get(subject) === handler) this.shared.delete(subject);
    }
  }

  on(): never {
    throw new TypeError('the in-process transport has no status events');
  }

  unwrap<T>(): T {
    return this.shared as T;
  }
}
