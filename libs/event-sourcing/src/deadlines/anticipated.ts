import type { CurrentEvent } from '@rapport/contracts';
import type { DecidedEvent, Decider } from '../decider/decider.ts';
import { Agenda } from './agenda.ts';

/** A stream as it will stand once what was decided is recorded. Only ever computed with: it is never kept. */
export interface Anticipated<State> {
  readonly state: State;
  readonly agenda: Agenda;
  /** Of the last event. */
  readonly revision: number;
}

/** A decided event as it will be recorded, as far as that is known: place in the log and sealed values are not. */
export type AsRecorded = (event: DecidedEvent, revision: number) => CurrentEvent;

export function anticipate<State>(
  { evolve }: Pick<Decider<State, never>, 'evolve'>,
  before: Anticipated<State>,
  events: readonly DecidedEvent[],
  asRecorded: AsRecorded,
): Anticipated<State> {
  let { state, revision } = before;
  for (const event of events) state = evolve(state, asRecorded(event, (revision += 1)));
  return { state, revision, agenda: before.agenda.with(events) };
}
