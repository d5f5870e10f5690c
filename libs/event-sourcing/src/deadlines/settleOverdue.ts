import type { EpochMillis } from '@rapport/platform';
import { toInstant } from '@rapport/platform';
import type { DecidedEvent, Decider } from '../decider/decider.ts';
import { anticipate, type Anticipated, type AsRecorded } from './anticipated.ts';
import type { Deadline } from './deadlineTable.ts';
import type { RecordedDue } from './due.ts';
import { planAfter } from './planAfter.ts';
import { cancelled, fired, skipped } from './planDues.ts';

/** A due that fired or was skipped, and everything that is recorded with it. */
export interface Firing {
  readonly due: RecordedDue;
  readonly events: readonly DecidedEvent[];
}

export interface Settling {
  readonly stream: string;
  /** Everything that is due before this instant is settled; what is due at it is in time. */
  readonly before: EpochMillis;
  /** Of an event of this due's firing. */
  readonly asRecorded: (due: RecordedDue) => AsRecorded;
  /** At most so many firings; the rest stays pending. */
  readonly limit: number;
}

/** Firings of one instant in a row: a chain that comes to no end is a decider's mistake. */
const MOST_AT_ONE_INSTANT = 1_000;

/**
 * What was overdue, each due on the state after the one before, in order of due; what a firing schedules fires too where
 * that is overdue. Pure: the same whether a command or the sweeper asks, and however late, but for what downtime means.
 *
 * @throws TypeError when firings at one instant come to no end
 */
export function settleOverdue<State>(
  decider: Pick<Decider<State, never>, 'evolve' | 'dues' | 'deadlines'>,
  start: Anticipated<State>,
  settling: Settling,
): { readonly firings: readonly Firing[]; readonly after: Anticipated<State> } {
  const { deadlines = {} } = decider;
  const firings: Firing[] = [];
  let now = start;
  let atOneInstant = 0;
  while (firings.length < settling.limit) {
    const due = now.agenda.firstBefore(settling.before, ({ name }) => settlesByItself(deadlines, name));
    if (due === undefined) break;
    atOneInstant = firings.at(-1)?.due.at === due.at ? atOneInstant + 1 : 1;
    if (atOneInstant > MOST_AT_ONE_INSTANT) {
      throw new TypeError(`${settling.stream}: the firings at ${toInstant(due.at)} come to no end`);
    }
    const one = settle(decider, deadlines[due.name]!, now, due, settling);
    firings.push({ due, events: one.events });
    now = one.after;
  }
  return { firings, after: now };
}

interface Settled<State> {
  readonly events: readonly DecidedEvent[];
  readonly after: Anticipated<State>;
}

function settle<State>(
  decider: Pick<Decider<State, never>, 'evolve' | 'dues' | 'deadlines'>,
  deadline: Deadline<State>,
  before: Anticipated<State>,
  due: RecordedDue,
  settling: Settling,
): Settled<State> {
  const occurredAt = toInstant(due.at);
  const asRecorded = settling.asRecorded(due);
  const planning = { stream: settling.stream, now: due.at, origin: 'live', asRecorded } as const;
  const record = (own: readonly DecidedEvent[]): Settled<State> => {
    const after = anticipate(decider, before, own, asRecorded);
    const plan = planAfter(decider, after, planning);
    // What follows happens when the due passes, whenever it is recorded.
    return { events: [...own, ...plan.events].map((event) => ({ occurredAt, ...event })), after: plan.after };
  };
  if (deadline.fire === 'withdrawn') return record([cancelled(due)]);
  if (deadline.fire === 'by-command') throw new TypeError(`${due.name} fires by command`);
  const { afterDowntime, fire } = deadline;
  if (typeof afterDowntime === 'object') {
    if (settling.before - due.at > afterDowntime.skipAfterMs) return record([skipped(due, 'downtime')]);
  } else if (afterDowntime === 'fire-once') {
    const without = record([skipped(due, 'downtime')]);
    const next = without.after.agenda.find(due.name, due.key);
    if (next !== undefined && next.at > due.at && next.at < settling.before) return without;
  }
  return record([fired(due), ...fire(due, before.state)]);
}

/** What fires by command is decided by the command; a name that only newer code knows is left to it. */
function settlesByItself<State>(deadlines: Readonly<Record<string, Deadline<State>>>, name: string): boolean {
  return Object.hasOwn(deadlines, name) && deadlines[name]!.fire !== 'by-command';
}
