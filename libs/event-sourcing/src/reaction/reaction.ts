import type { CurrentEvent } from '@rapport/contracts';
import type { CommandMeta } from '../commandHandling/commandMeta.ts';

/** Something that follows from events: a process manager's declaration (contract.md, «Time and effects»). */
export interface Reaction {
  /** `[a-z-]+`; with the version it names the stream of its positions. */
  readonly name: string;
  readonly version: number;
  /** Event types that it reacts to. */
  readonly triggers: readonly string[];
  /** Where it starts when it has no recorded position: from the log's first event, or from its head. */
  readonly startsAt: 'first-event' | 'head';

  /** Events of one key are reacted to one after the other; of several in a batch only the last. */
  key(event: CurrentEvent): string;

  /**
   * Carries out the commands that follow. It may run again for the same event, so every command takes its id
   * from `step`: UUIDv5(reaction, version, event id, name of the step).
   */
  react(event: CurrentEvent, step: (name: string) => Promise<CommandMeta>): Promise<void>;
}
