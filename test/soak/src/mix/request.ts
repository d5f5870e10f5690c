import type { Role } from '@rapport/contracts';

export type Body = Readonly<Record<string, unknown>>;

/** What a kind of command leaves in the log: exactly one event of this type, which names what the answer names. */
export interface Effect {
  /** Without context: `TicketOpened`. */
  readonly event: string;
  /** Field of its data that holds the answer's id; absent where it creates nothing. */
  readonly idField?: string;
}

/** A request that is to be sent, and what is to be done with its answer. */
export interface SoakRequest {
  /** For latencies: the command's, query's or import's name. */
  readonly kind: string;
  readonly group: 'command' | 'query' | 'import';
  readonly role: Role;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Body;
  /** Idempotency-Key; of commands. */
  readonly key?: string;
  readonly effect?: Effect;
  /** Told of the good answer; what is refused is told to nobody. */
  readonly answered?: (answer: Body) => void;
}
