import { Problem, type Wanted } from '@rapport/platform';

/** Request and reply between services: the port; in one process, or over NATS. */
export interface RequestClient {
  /**
   * Sends a message to whoever serves `subject` and resolves with the reply.
   *
   * @param subject without tenant prefix: `commands.v1.tickets.OpenTicket`
   * @param message plain JSON, at most 512 kB
   * @throws Problem as the other side threw it; Unanswered when nobody serves it or the answer is late
   */
  request<Reply>(subject: string, message: object, options?: RequestOptions): Promise<Reply>;
}

export interface RequestOptions {
  /** Milliseconds to wait for the reply; default 10,000. */
  readonly timeoutMs?: number;
  /**
   * Says false once whoever asked has gone: what has not begun by then is left. Only its time goes to other processes;
   * there it begins while that lasts.
   */
  readonly wanted?: Wanted;
  /** Travels with the request, for logs: RequestContext. */
  readonly correlationId?: string;
  /** W3C Trace Context, `traceparent`. */
  readonly traceparent?: string;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * No answer came: nobody serves it right now, the way there is broken, or the answer is late. Whether the request was
 * carried out is unknown: it may be repeated only where repeating does no harm.
 */
export class Unanswered extends Problem {
  constructor(detail: string) {
    super({ kind: 'unavailable', detail, retryAfter: 1 });
  }
}

/** Largest message in bytes (contract.md, «Messages»). */
export const MAX_MESSAGE_BYTES = 512 * 1024;
