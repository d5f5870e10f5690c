import type { CurrentEvent } from '@rapport/contracts';
import type { CommandMeta } from '../commandHandling/commandMeta.ts';

/** Something that is done once for everything of a kind: after a policy has changed, or an upgrade. */
export interface Campaign {
  /** `[a-z0-9-]+`; names the stream of its positions. */
  readonly name: string;
  /** Streams whose events name what it goes through. */
  readonly categories: readonly string[];

  /** The key that an event names; undefined where it names none. */
  keyOf(event: CurrentEvent): string | undefined;

  /** Once, before the first key: brings what this process knows up to the cause. */
  prepare?(): Promise<void>;

  /** What is done for one key. It may be done again, so every command takes its id from `step`. */
  settle(key: string, step: (name: string) => Promise<CommandMeta>): Promise<void>;
}

/** Why a campaign is begun. */
export interface CampaignCause {
  /** Id of the event that it follows from, or a name: of an upgrade's campaign. */
  readonly id: string;
  /** Of two causes the later one counts; it covers the earlier. */
  readonly position: number;
}
