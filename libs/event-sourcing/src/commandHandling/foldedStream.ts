import { toMillis, type EpochMillis } from '@rapport/platform';
import type { RecordedEvent } from '@rapport/contracts';
import type { Decider } from '../decider/decider.ts';
import type { Upcasters } from '../upcasting/upcasters.ts';

/** A command that the stream remembers: which of its events are that command's. */
export interface RememberedCommand {
  readonly requestHmac: string;
  readonly revisions: readonly number[];
  readonly recordedAt: EpochMillis;
}

/** A stream folded up to a revision: the decider's state and the commands that it remembers. */
export interface FoldedStream<State> {
  readonly state: State;
  /** Of the last event folded; -1 for none. */
  readonly revision: number;
  /** Its position in the store; -1 for none. */
  readonly position: number;
  readonly commands: ReadonlyMap<string, RememberedCommand>;
}

/** Remembered command ids leave the fold after 30 days (contract.md), counted by the stream's own time. */
export const COMMAND_MEMORY_MS = 30 * 24 * 60 * 60 * 1000;

export function emptyFold<State>(decider: Pick<Decider<State, never>, 'initial'>): FoldedStream<State> {
  return { state: decider.initial, revision: -1, position: -1, commands: new Map() };
}

/**
 * Folds stored events, in order, on top. Pure: depends on nothing but its arguments.
 *
 * @throws RangeError when a revision is missing or comes twice: then the caller's fold is not what is stored
 */
export function foldEvents<State>(
  decider: Pick<Decider<State, never>, 'evolve'>,
  upcasters: Upcasters,
  folded: FoldedStream<State>,
  events: readonly RecordedEvent[],
): FoldedStream<State> {
  if (events.length === 0) return folded;
  let { state, revision, position } = folded;
  const commands = new Map(folded.commands);
  for (const stored of events) {
    if (stored.revision !== revision + 1) {
      throw new RangeError(`${stored.stream}: revision ${stored.revision} follows ${revision}`);
    }
    state = decider.evolve(state, upcasters.upcast(stored));
    revision = stored.revision;
    position = stored.position;
    const known = commands.get(stored.commandId);
    commands.set(stored.commandId, {
      requestHmac: stored.requestHmac,
      revisions: known === undefined ? [revision] : [...known.revisions, revision],
      recordedAt: toMillis(stored.recordedAt),
    });
    // After each event, not once for all: what is remembered must not depend on how the stream was paged.
    forget(commands, toMillis(stored.recordedAt) - COMMAND_MEMORY_MS);
  }
  return { state, revision, position, commands };
}

function forget(commands: Map<string, RememberedCommand>, before: EpochMillis): void {
  for (const [commandId, { recordedAt }] of commands) {
    // Insertion order is order of recording, but clocks may step back: stop only at a remembered one.
    if (recordedAt >= before) break;
    commands.delete(commandId);
  }
}
