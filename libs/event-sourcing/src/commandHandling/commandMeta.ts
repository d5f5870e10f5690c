import type { Actor, Origin } from '@rapport/contracts';
import type { Instant, Wanted } from '@rapport/platform';

/** What accompanies every command from its sender to the ledger. */
export interface CommandMeta {
  readonly commandId: string;
  readonly actor: Actor;
  /** The actor as the gateway signed it. */
  readonly actorAssertion: string;
  readonly correlationId: string;
  /** Id of the command or event that caused this one; the command's own id where nothing did. */
  readonly causationId: string;
  readonly origin: Origin;
  /** If-Match: the command is refused unless its stream is at this revision. */
  readonly ifRevision?: number;
  /** For imports and reactions: when it happened. Default: now. */
  readonly occurredAt?: Instant;
  /** Where it is served, never sent: whether its sender still waits. What the ledger has not got by then is left. */
  readonly wanted?: Wanted;
}

/** A command on its way to the service that decides it. */
export interface CommandMessage<Payload> {
  readonly payload: Payload;
  readonly meta: CommandMeta;
}
