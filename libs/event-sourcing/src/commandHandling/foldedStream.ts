import type { CurrentEvent } from '@rapport/contracts';
import { HEAP_BYTES, heapBytes } from '@rapport/platform';
import { Agenda } from '../deadlines/agenda.ts';
import type { Decider } from '../decider/decider.ts';
import { RememberedCommands } from './rememberedCommands.ts';

/** A stream folded up to a revision: the decider's state, the deadlines, and the commands that it remembers. */
export interface FoldedStream<State> {
  readonly state: State;
  /** Of the last event folded; -1 for none. */
  readonly revision: number;
  /** Its position in the store; -1 for none. */
  readonly position: number;
  readonly commands: RememberedCommands;
  readonly agenda: Agenda;
}

/** Its own object, and a position beyond 31 bits. */
const FOLDED_STREAM = 72;

/** Estimated bytes of a folded stream on the heap. */
export function foldedStreamBytes({ state, commands, agenda }: FoldedStream<unknown>): number {
  return FOLDED_STREAM + heapBytes(state) + commands[HEAP_BYTES]() + agenda[HEAP_BYTES]();
}

/** How a stream is folded. */
export interface Fold<State> extends Pick<Decider<State, never>, 'initial' | 'evolve' | 'lastEventIsState'> {
  /** False where nothing is decided on the fold, or where the revision alone tells a repeat. */
  readonly remembersCommands?: boolean;
}

export function emptyFold<State>(decider: Pick<Decider<State, never>, 'initial'>): FoldedStream<State> {
  return {
    state: decider.initial,
    revision: -1,
    position: -1,
    commands: RememberedCommands.none,
    agenda: Agenda.empty,
  };
}

/**
 * Folds stored events, in order, on top. Pure: depends on nothing but its arguments.
 *
 * @throws RangeError when a revision is missing or comes twice: then the caller's fold is not what is stored
 */
export function foldEvents<State>(
  decider: Omit<Fold<State>, 'initial'>,
  folded: FoldedStream<State>,
  events: readonly CurrentEvent[],
): FoldedStream<State> {
  if (events.length === 0) return folded;
  const remembers = decider.remembersCommands !== false && decider.lastEventIsState !== true;
  let { state, revision, position, commands } = folded;
  for (const stored of events) {
    if (stored.revision !== revision + 1) {
      throw new RangeError(`${stored.stream}: revision ${stored.revision} follows ${revision}`);
    }
    state = decider.evolve(state, stored);
    revision = stored.revision;
    position = stored.position;
    if (remembers) commands = commands.with(stored);
  }
  return { state, revision, position, commands, agenda: folded.agenda.with(events) };
}
