import { BaseRpcContext } from '@nestjs/microservices';
import { setMaxListeners } from 'node:events';
import type { Wanted } from '@rapport/platform';

export interface RequestCircumstances {
  readonly correlationId?: string;
  /** W3C Trace Context, `traceparent`. */
  readonly traceparent?: string;
  /** Aborts when the server closes: who waits for something to happen answers at once. */
  readonly closing?: AbortSignal;
  /** Says false once whoever asked waits no more. Default: they do. */
  readonly wanted?: Wanted;
}

/** What a message handler can know of a request besides the message: `@Ctx() context: RequestContext`. */
export class RequestContext extends BaseRpcContext<[]> {
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly closing: AbortSignal;
  readonly wanted: Wanted;

  constructor({ correlationId, traceparent, closing = NEVER, wanted = ALWAYS }: RequestCircumstances = {}) {
    super([]);
    this.correlationId = correlationId;
    this.traceparent = traceparent;
    this.closing = closing;
    this.wanted = wanted;
  }
}

const ALWAYS = (): boolean => true;
const NEVER = new AbortController().signal;
// Whoever waits listens, however many they are.
setMaxListeners(0, NEVER);
