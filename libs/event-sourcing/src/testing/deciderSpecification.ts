import { EVENTS, type CurrentEvent, type DomainEvent, type JsonValue, type Origin } from '@rapport/contracts';
import { Problem, toInstant, toMillis, type Instant } from '@rapport/platform';
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
}

export interface When {
  /** Exactly these events for the decider's own stream. */
  then(...events: readonly DomainEvent[]): void;
  /** Whatever the caller wants to check of the decision. */
  thenDecision(check: (decision: Decision) => void): void;
  thenNothing(): void;
  /** What the command would create stands already, since the event of this revision. */
  thenStandsSince(revision: number): void;
  /** Refused by this rule, or with this kind of problem. */
  thenRefused(by: { readonly rule?: string; readonly kind?: string; readonly field?: string }): void;
}

const gate = new PlainEventGate();
const DEFAULT_NOW = '2026-03-10T10:00:00+08:00';

/**
 * Given / when / then for a decider: past events, a command, what follows. Every event, given or decided, must
 * satisfy its schema. Throws an Error that says what differed, so that it serves any test runner.
 */
export function specification<State, Command>(decider: Decider<State, Command>) {
  return {
    given: (...past: readonly (DomainEvent & { readonly occurredAt?: string })[]): Given<Command> => ({
      when: (command, context = {}) => {
        const state = past.reduce((before, event, revision) => {
          checkSchema(event);
          return decider.evolve(before, asRecorded(event, revision, event.occurredAt));
        }, decider.initial);
        return outcome(() => {
          const decided = decider.decide(command, state, {
            now: toMillis(context.now ?? DEFAULT_NOW),
            commandId: context.commandId ?? '00000000-0000-5000-8000-000000000001',
            actor: context.actor ?? { id: 'actor-1', roles: [] },
            origin: context.origin ?? 'live',
          });
          return Array.isArray(decided) ? { events: decided } : (decided as Decision);
        });
      },
    }),
  };
}

function outcome(decide: () => Decision): When {
  let decision: Decision | undefined;
  let refusal: unknown;
  try {
    decision = decide();
    for (const event of decision.events) checkSchema(event);
    for (const { events } of decision.companions ?? []) for (const event of events) checkSchema(event);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    refusal = error;
  }
  const decided = (): Decision => {
    if (decision === undefined)
      throw new Error(`expected events, was refused: ${JSON.stringify((refusal as Problem).details)}`);
    return decision;
  };
  return {
    // oxlint-disable-next-line no-thenable -- given, when, then; nobody awaits it
    then(...events) {
      const strip = ({ type, data }: DecidedEvent): unknown => ({ type, data });
      const actual = JSON.stringify(decided().events.map(strip), null, 2);
      const expected = JSON.stringify(events.map(strip), null, 2);
      if (normalise(actual) !== normalise(expected))
        throw new Error(`expected ${expected}\nbut decided ${actual}`);
    },
    thenDecision: (check) => check(decided()),
    thenNothing() {
      const { events, standsSince } = decided();
      if (events.length > 0) throw new Error(`expected nothing, decided ${JSON.stringify(events)}`);
      if (standsSince !== undefined) throw new Error(`expected nothing, stands since ${standsSince}`);
    },
    thenStandsSince(revision) {
      const { events, standsSince } = decided();
      if (standsSince !== revision)
        throw new Error(
          `expected to stand since ${revision}, decided ${JSON.stringify({ events, standsSince })}`,
        );
    },
    thenRefused(by) {
      if (refusal === undefined)
        throw new Error(`expected a refusal, decided ${JSON.stringify(decision!.events)}`);
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
    stream: 'test-1',
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
