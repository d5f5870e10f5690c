import {
  createInbox,
  headers,
  PermissionViolationError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import { notBegun, Problem, systemTimers, type ProblemDetails, type Timers } from '@rapport/platform';
import { DEFAULT_TIMEOUT_MS, Unanswered, type RequestClient, type RequestOptions } from '../requestClient.ts';
import type { NatsLink } from './natsLink.ts';
import { NatsRefusal } from './natsRefusal.ts';
import {
  CORRELATION_ID,
  decodeMessage,
  encodeMessage,
  PROBLEM,
  TIME_LEFT,
  TRACEPARENT,
  wireSubject,
} from './wire.ts';

/** A request that waits for its reply. */
interface Pending {
  readonly subject: string;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly cancelTimeout: () => void;
}

/**
 * Requests over NATS. All replies come to one subscription of this client's own inbox; what waits when the connection
 * breaks is told so at once, as its reply would be lost.
 */
export class NatsRequestClient implements RequestClient {
  readonly #pending = new Map<string, Pending>();
  readonly #inbox: string;
  readonly #timers: Timers;
  #subscribed = false;
  #count = 0;

  constructor(
    private readonly link: NatsLink,
    { timers = systemTimers }: { readonly timers?: Timers } = {},
  ) {
    this.#timers = timers;
    this.#inbox = `${createInbox(`_INBOX.${link.settings.service}`)}.`;
    link.onStatus((status) => {
      if (status === 'disconnected' || status === 'closed') {
        this.#failAll(() => new Unanswered('The connection between the services broke.'));
      }
    });
    link.onRefusedPublish((subject) => this.#refuse(subject));
  }

  async request<Reply>(subject: string, message: object, options: RequestOptions = {}): Promise<Reply> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const payload = encodeMessage(message);
    const connection = this.link.up;
    if (connection === undefined) throw new Unanswered('The services cannot reach each other right now.');
    if (timeoutMs <= 0) throw late(subject, timeoutMs);
    if (options.wanted?.() === false) throw notBegun(subject);
    this.#subscribe(connection);
    this.#count += 1;
    const token = this.#count.toString(36);
    const onWire = wireSubject(this.link.settings.tenant, subject);
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#timers.schedule(timeoutMs, () => {
        this.#pending.delete(token);
        reject(late(subject, timeoutMs));
      });
      this.#pending.set(token, {
        subject: onWire,
        resolve: resolve as (reply: unknown) => void,
        reject,
        cancelTimeout,
      });
      try {
        connection.publish(onWire, payload, {
          reply: this.#inbox + token,
          headers: headersOf(timeoutMs, options),
        });
      } catch (error) {
        this.#take(token);
        reject(error);
      }
    });
  }

  #subscribe(connection: NatsConnection): void {
    if (this.#subscribed) return;
    this.#subscribed = true;
    connection.subscribe(`${this.#inbox}*`, {
      callback: (error, reply) => {
        // The reader of the connection stops for good when this throws.
        try {
          if (error === null) return this.#receive(reply);
          // The client has dropped it: the next request subscribes again, by then it may be permitted.
          this.#subscribed = false;
          this.#failAll(() =>
            error instanceof PermissionViolationError
              ? new NatsRefusal(`read replies at ${this.#inbox}*`, this.link.settings.user)
              : new Error(`replies cannot be read: ${error.message}`),
          );
        } catch (defect) {
          this.#failAll(() => defect);
        }
      },
    });
  }

  #receive(reply: Msg): void {
    const pending = this.#take(reply.subject.slice(this.#inbox.length));
    // Late: whoever asked has given up.
    if (pending === undefined) return;
    const { headers: replyHeaders } = reply;
    if (replyHeaders?.code === 503) {
      pending.reject(new Unanswered(`Nobody serves ${pending.subject} right now.`));
      return;
    }
    try {
      const body = decodeMessage(reply.data);
      if (replyHeaders?.has(PROBLEM) === true) pending.reject(new Problem(body as ProblemDetails));
      else pending.resolve(body);
    } catch {
      // The parser's message quotes the text.
      pending.reject(new Error(`the reply of ${pending.subject} is no JSON`));
    }
  }

  #take(token: string): Pending | undefined {
    const pending = this.#pending.get(token);
    if (pending === undefined) return undefined;
    this.#pending.delete(token);
    pending.cancelTimeout();
    return pending;
  }

  #refuse(subject: string): void {
    for (const [token, pending] of this.#pending) {
      if (pending.subject !== subject) continue;
      this.#take(token)!.reject(new NatsRefusal(`publish to ${subject}`, this.link.settings.user));
    }
  }

  #failAll(reason: () => unknown): void {
    for (const token of this.#pending.keys()) this.#take(token)!.reject(reason());
  }
}

function headersOf(timeoutMs: number, { correlationId, traceparent }: RequestOptions): MsgHdrs {
  const result = headers();
  result.set(TIME_LEFT, String(Math.floor(timeoutMs)));
  if (correlationId !== undefined) result.set(CORRELATION_ID, correlationId);
  if (traceparent !== undefined) result.set(TRACEPARENT, traceparent);
  return result;
}

function late(subject: string, timeoutMs: number): Unanswered {
  return new Unanswered(`${subject} did not answer within ${timeoutMs} ms.`);
}
