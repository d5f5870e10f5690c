import {
  DEADLINE_EVENT_TYPES,
  deadlineEvents,
  EVENTS,
  type CurrentEvent,
  type DomainEvent,
  type JsonValue,
  type Origin,
} from '@rapport/contracts';
import { Problem, toInstant, toMillis, type Instant } from '@rapport/platform';
import { Agenda } from '../deadlines/agenda.ts';
import { anticipate, type Anticipated } from '../deadlines/anticipated.ts';
import { byDue } from '../deadlines/due.ts';
import { planAfter } from '../deadlines/planAfter.ts';
import { settleOverdue, type Firing } from '../deadlines/settleOverdue.ts';
import type { DecidedEvent, Decider, Decision } from '../decider/decider.ts';
import { PlainEventGate } from '../commandHandling/plainEventGate.ts';

export interface SpecificationContext {
  /** The instant of the decision; any form Date.parse takes, as 2026-03-10T10:00:00+08:00. */
  readonly now?: string;
  readonly commandId?: string;
  readonly actor?: { readonly id: string; readonly roles: readonly string[] };
  readonly origin?: Origin;
}

export interface Given<Command> {
  when(command: Command, context?: SpecificationContext): When;
  /** Time passes up to this instant, and nobody does anything. */
  atTime(instant: string): Then;
}

/** A deadline by name, with its key where it has one: `reminder`, `follow-up 2`. */
export type DeadlineName = string;

/** What follows; every one of them may be asked. */
export interface Then {
  /** Exactly these events for the decider's own stream, those of the deadlines themselves aside. */
  then(...events: readonly DomainEvent[]): void;
  thenNothing(): void;
  /** Exactly these deadlines fired, in this order, before whatever was decided. */
  thenFired(...names: readonly DeadlineName[]): void;
  /** Exactly these deadlines were skipped. */
  thenSkipped(...names: readonly DeadlineName[]): void;
  /** Exactly this is due afterwards: name, and key where there is one, with the instant in any form. */
  thenDue(dues: Readonly<Record<DeadlineName, string>>): void;
}

export interface When extends Then {
  /** Whatever the caller wants to check of the decision. */
  thenDecision(check: (decision: Decision) => void): void;
  /** What the command would create stands already, since the event of this revision. */
  thenStandsSince(revision: number): void;
  /** Refused by this rule, or with this kind of problem. */
  thenRefused(by: { readonly rule?: string; readonly kind?: string; readonly field?: string }): void;
}

const gate = new PlainEventGate();
const DEFAULT_NOW = '2026-03-10T10:00:00+08:00';
const STREAM = 'test-1';
/** More firings than any test has. */
const ENOUGH = 100_000;

/**
 * Given / when / then for a decider: past events, a command or the passing of time, what follows. Every event, given or
 * decided, must satisfy its schema. Dues are recorded with the past events that make them, as they were in life; what is
 * overdue fires first. Throws an Error that says what differed, so that it serves any test runner.
 */
export function specification<State, Command>(decider: Decider<State, Command>) {
  return {
    given: (...past: readonly (DomainEvent & { readonly occurredAt?: string })[]): Given<Command> => {
      const before = (): Anticipated<State> => past.reduce(record, start());
      const record = (
        stream: Anticipated<State>,
        event: DomainEvent & { readonly occurredAt?: string },
      ): Anticipated<State> => {
        checkSchema(event);
        const now = toMillis(event.occurredAt ?? DEFAULT_NOW);
        const asOf = (one: DecidedEvent, revision: number) => asRecorded(one, revision, toInstant(now));
        const after = anticipate(decider, stream, [event], asOf);
        return planAfter(decider, after, { stream: STREAM, now, origin: 'live', asRecorded: asOf }).after;
      };
      return {
        when: (command, context = {}) =>
          outcome(() => {
            const now = toMillis(context.now ?? DEFAULT_NOW);
            const origin = context.origin ?? 'live';
            const overdue = settle(decider, before(), now);
            const decided = decider.decide(command, overdue.after.state, {
              now,
              commandId: context.commandId ?? '00000000-0000-5000-8000-000000000001',
              actor: context.actor ?? { id: 'actor-1', roles: [] },
              origin,
            });
            const decision: Decision = Array.isArray(decided) ? { events: decided } : (decided as Decision);
            const asOf = (one: DecidedEvent, revision: number) => asRecorded(one, revision, toInstant(now));
            const after = anticipate(decider, overdue.after, decision.events, asOf);
            const planning = { stream: STREAM, now, origin, asRecorded: asOf };
            const plan = planAfter(decider, after, planning, decision.dues);
            return { decision, firings: overdue.firings, planned: plan.events, agenda: plan.after.agenda };
          }),
        atTime: (instant) =>
          outcome(() => {
            const { firings, after } = settle(decider, before(), toMillis(instant));
            return { decision: { events: [] }, firings, planned: [], agenda: after.agenda };
          }),
      };
    },
  };

  function start(): Anticipated<State> {
    return { state: decider.initial, agenda: Agenda.empty, revision: -1 };
  }
}

function settle<State>(decider: Decider<State, never>, stream: Anticipated<State>, before: number) {
  return settleOverdue(decider, stream, {
    stream: STREAM,
    before,
    limit: ENOUGH,
    asRecorded: () => (event, revision) => asRecorded(event, revision, toInstant(before)),
  });
}

interface Followed {
  readonly decision: Decision;
  readonly firings: readonly Firing[];
  readonly planned: readonly DecidedEvent[];
  readonly agenda: Agenda;
}

function outcome(follow: () => Followed): When {
  let followed: Followed | undefined;
  let refusal: unknown;
  try {
    followed = follow();
    const { decision, firings, planned } = followed;
    for (const event of decision.events) checkSchema(event);
    for (const { events } of decision.companions ?? []) for (const event of events) checkSchema(event);
    for (const { events } of firings) for (const event of events) checkSchema(event);
    for (const event of planned) checkSchema(event);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    refusal = error;
  }
  const what = (): Followed => {
    if (followed === undefined)
      throw new Error(`expected events, was refused: ${JSON.stringify((refusal as Problem).details)}`);
    return followed;
  };
  /** What follows for the business: of the firings, and of the decision. */
  const business = (): readonly DecidedEvent[] => {
    const { decision, firings } = what();
    return [...firings.flatMap(({ events }) => events), ...decision.events].filter(
      ({ type }) => !DEADLINE_EVENT_TYPES.has(type),
    );
  };
  const became = (type: string): readonly DeadlineName[] => {
    const { firings, planned } = what();
    return [...firings.flatMap(({ events }) => events), ...planned]
      .filter((event) => event.type === type)
      .map(({ data }) => nameOf((data as { deadline: string }).deadline, (data as { key?: string }).key));
  };
  return {
    // oxlint-disable-next-line no-thenable -- given, when, then; nobody awaits it
    then(...events) {
      const strip = ({ type, data }: DecidedEvent): unknown => ({ type, data });
      assertSame(business().map(strip), events.map(strip), 'decided');
    },
    thenDecision: (check) => check(what().decision),
    thenNothing() {
      const { standsSince } = what().decision;
      if (business().length > 0) throw new Error(`expected nothing, decided ${JSON.stringify(business())}`);
      if (standsSince !== undefined) throw new Error(`expected nothing, stands since ${standsSince}`);
    },
    thenStandsSince(revision) {
      const { events, standsSince } = what().decision;
      if (standsSince !== revision)
        throw new Error(
          `expected to stand since ${revision}, decided ${JSON.stringify({ events, standsSince })}`,
        );
    },
    thenFired: (...names) => assertSame(became(deadlineEvents.DeadlineFired.type), names, 'fired'),
    thenSkipped: (...names) => assertSame(became(deadlineEvents.DeadlineSkipped.type), names, 'skipped'),
    thenDue(dues) {
      const expected = Object.entries(dues).map(([name, at]) => [name, toInstant(toMillis(at))]);
      const pending = [...what().agenda.pending()].sort(byDue);
      const actual = pending.map(({ name, key, at }) => [nameOf(name, key), toInstant(at)]);
      assertSame(Object.fromEntries(actual), Object.fromEntries(expected), 'due is');
    },
    thenRefused(by) {
      if (refusal === undefined)
        throw new Error(`expected a refusal, decided ${JSON.stringify(what().decision.events)}`);
      const { details } = refusal as Problem;
      const matches =
        (by.rule === undefined || details.rule === by.rule) &&
        (by.kind === undefined || details.kind === by.kind) &&
        (by.field === undefined || details.errors?.some(({ field }) => field === by.field) === true);
      if (!matches)
        throw new Error(`expected a refusal by ${JSON.stringify(by)}, was ${JSON.stringify(details)}`);
    },
  };
}

function nameOf(name: string, key: string | undefined): DeadlineName {
  return key === undefined ? name : `${name} ${key}`;
}

function assertSame(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value, null, 2));
  if (normalise(is!) !== normalise(should!)) throw new Error(`expected ${should}\nbut ${what} ${is}`);
}

// Order of properties says nothing.
function normalise(json: string): string {
  const sort = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sort)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, item]) => [key, sort(item)]),
          )
        : value;
  return JSON.stringify(sort(JSON.parse(json)));
}

function checkSchema(event: DomainEvent): void {
  const definition = EVENTS.get(event.type);
  if (definition === undefined) throw new Error(`${event.type} is not defined in contracts`);
  gate.check(definition, event.data);
}

/** A plain event as if it had been stored, unsealed: for folding in tests. */
export function asRecorded(event: DomainEvent, revision: number, at?: Instant): CurrentEvent {
  const instant = toInstant(toMillis(at ?? DEFAULT_NOW));
  const { customerId } = event.data as { customerId?: string };
  return {
    specversion: '1',
    type: event.type,
    version: EVENTS.get(event.type)?.version ?? 1,
    tenant: 'main',
    stream: STREAM,
    occurredAt: instant,
    recordedAt: instant,
    origin: 'live',
    actor: 'actor-1',
    via: 'test',
    commandId: `00000000-0000-5000-8000-${String(revision).padStart(12, '0')}`,
    requestHmac: 'x',
    correlationId: 'c',
    causationId: 'c',
    ...(customerId !== undefined && { customerId }),
    policies: {},
    data: event.data as JsonValue,
    id: `00000000-0000-5000-9000-${String(revision).padStart(12, '0')}`,
    position: revision,
    index: revision,
    revision,
  } as CurrentEvent;
}
