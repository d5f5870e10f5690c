import type { DomainEvent } from '@rapport/contracts';
import type { Instant } from '@rapport/platform';

/** An event as decided: what happened, and what the decision knew. */
export interface DecidedEvent extends DomainEvent {
  /** When it happened in the business; default: when it is recorded. */
  readonly occurredAt?: Instant;
  /** Versions of the policies that were used: name → version. */
  readonly policies?: Readonly<Record<string, number>>;
}
