import { deadlineEvents, type Origin } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import type { DecidedEvent, Decider, SaidDues } from '../decider/decider.ts';
import { anticipate, type Anticipated, type AsRecorded } from './anticipated.ts';
import { planDues } from './planDues.ts';

/** More dues in a row before an import than any stream has: a decider that goes on for ever. */
const MOST_IN_A_ROW = 10_000;

/** What a plan is made for. */
export interface Planning {
  readonly stream: string;
  /** The instant of the decision. */
  readonly now: EpochMillis;
  readonly origin: Origin;
  readonly asRecorded: AsRecorded;
}

/**
 * The events that keep the agenda up with a decision, and the stream after them. Pure.
 *
 * @param after the stream with the decision's own events
 * @param said dues that the decision says by itself, by name: in place of the decider's
 */
export function planAfter<State>(
  decider: Pick<Decider<State, never>, 'evolve' | 'dues' | 'deadlines'>,
  after: Anticipated<State>,
  planning: Planning,
  said: SaidDues = {},
): { readonly events: readonly DecidedEvent[]; readonly after: Anticipated<State> } {
  const { deadlines = {}, dues } = decider;
  const kindOf = (name: string) => (Object.hasOwn(deadlines, name) ? deadlines[name] : undefined);
  const events: DecidedEvent[] = [];
  for (let now = after; ;) {
    const ofState = dues === undefined ? [] : dues(now.state, now.agenda.settledUntil);
    const more = planDues({
      stream: planning.stream,
      agenda: now.agenda,
      dues: [...ofState.filter(({ name }) => said[name] === undefined), ...Object.values(said).flat()],
      // Names that only newer code knows are left to it.
      speaksFor: (name) =>
        said[name] !== undefined ||
        kindOf(name)?.fire === 'withdrawn' ||
        (dues !== undefined && kindOf(name) !== undefined),
      kindOf,
      now: planning.now,
      origin: planning.origin,
    });
    now = anticipate(decider, now, more, planning.asRecorded);
    events.push(...more);
    // What was skipped may be followed by its next occurrence.
    if (!more.some(({ type }) => type === deadlineEvents.DeadlineSkipped.type)) return { events, after: now };
    if (events.length > MOST_IN_A_ROW) throw new TypeError('the dues before an import come to no end');
  }
}
