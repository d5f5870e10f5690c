import { deadlineEvents, deadlineIdOf, event, type Origin } from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import type { DecidedEvent } from '../decider/decider.ts';
import type { Agenda } from './agenda.ts';
import type { Deadline } from './deadlineTable.ts';
import { byDue, type Due, type RecordedDue } from './due.ts';

export interface DuePlan {
  readonly stream: string;
  /** What is recorded. */
  readonly agenda: Agenda;
  /** What is due from now on. */
  readonly dues: readonly Due[];
  /** The kinds of deadlines that `dues` says everything of: what is pending of them and not among `dues` is over. */
  readonly speaksFor: (name: string) => boolean;
  readonly kindOf: (name: string) => Deadline<never> | undefined;
  /** The instant of the decision. */
  readonly now: EpochMillis;
  /** Of the decision: an import and the demo schedule nothing that lies before them. */
  readonly origin: Origin;
}

/**
 * What must be recorded so that the stream's agenda says what is due: cancelled dues first, then the new ones in order.
 * Pure. Nothing where the agenda says it already. The instant at which a deadline fired or was skipped never comes again
 * for it: what is due then is settled.
 *
 * @throws TypeError for two dues of one name and key, or of a name that is not in the table: a decider's mistake
 */
export function planDues(plan: DuePlan): readonly DecidedEvent[] {
  const { agenda, speaksFor } = plan;
  const wanted = new Set<string>();
  for (const { name, key } of plan.dues) {
    const place = JSON.stringify([name, key]);
    if (wanted.has(place)) throw new TypeError(`the deadline ${place} is due twice`);
    if (plan.kindOf(name) === undefined) throw new TypeError(`the deadline ${name} is not in the table`);
    wanted.add(place);
  }
  const over = [...agenda.pending()]
    .filter(({ name, key }) => speaksFor(name) && !wanted.has(JSON.stringify([name, key])))
    .sort(byDue);
  return [
    ...over.map((due) => endOf(due, plan)),
    ...[...plan.dues].sort(byDue).flatMap((due) => scheduleOf(due, plan)),
  ];
}

function scheduleOf(due: Due, plan: DuePlan): readonly DecidedEvent[] {
  const { stream, agenda, now, origin } = plan;
  const { name, key, at, clause, calendar, policies } = due;
  const pending = agenda.find(name, key);
  if (pending?.at === at && pending.clause === clause && pending.calendar === calendar) return [];
  if (agenda.settledUntil(name, key) === at) return pending === undefined ? [] : [endOf(pending, plan)];
  const recorded: RecordedDue = {
    ...due,
    deadlineId: deadlineIdOf(stream, name, key),
    generation: agenda.generation(name, key) + 1,
  };
  if (origin !== 'live' && at < now) return [skipped(recorded, 'import')];
  const scheduled = event(deadlineEvents.DeadlineScheduled, {
    ...dataOf(recorded),
    clause,
    ...(calendar !== undefined && { calendar }),
  });
  const passed = pending !== undefined && isPassedByCommand(pending, plan) ? [fired(pending)] : [];
  return [...passed, { ...scheduled, ...(policies !== undefined && { policies }) }];
}

/** A command on such a stream decides everything up to its instant: what was due by then has fired with it. */
function isPassedByCommand({ name, at }: RecordedDue, { kindOf, now }: DuePlan): boolean {
  return kindOf(name)?.fire === 'by-command' && at <= now;
}

function endOf(due: RecordedDue, plan: DuePlan): DecidedEvent {
  return isPassedByCommand(due, plan) ? fired(due) : cancelled(due);
}

export function cancelled(due: RecordedDue): DecidedEvent {
  return event(deadlineEvents.DeadlineCancelled, dataOf(due));
}

/** The due's own event, dated when it was due. */
export function fired(due: RecordedDue): DecidedEvent {
  return { ...event(deadlineEvents.DeadlineFired, dataOf(due)), occurredAt: toInstant(due.at) };
}

export function skipped(due: RecordedDue, reason: 'import' | 'downtime'): DecidedEvent {
  return {
    ...event(deadlineEvents.DeadlineSkipped, { ...dataOf(due), reason }),
    occurredAt: toInstant(due.at),
  };
}

function dataOf({ name, key, deadlineId, generation, at, customerId }: RecordedDue) {
  return {
    deadline: name,
    ...(key !== undefined && { key }),
    deadlineId,
    generation,
    due: toInstant(at),
    ...(customerId !== undefined && { customerId }),
  };
}
