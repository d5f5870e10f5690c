import {
  belongsInto,
  COUNTED,
  EVENTS,
  eventVersion,
  isStreamName,
  UnknownEventError,
  versionsOf,
  type EventVersion,
} from '@rapport/contracts';
import { eventAjv, type ProposedEvent } from '@rapport/event-sourcing';
import { isInstant, Problem, toMillis, type EpochMillis, type ProblemDetails } from '@rapport/platform';
import type { ValidateFunction } from 'ajv/dist/2020.js';

/** Business time may be ahead of the ledger's clock by this much, not more (contract.md). */
export const MAX_AHEAD_MS = 5 * 60 * 1000;

/** The stored schemas of all versions of all events, compiled once per process. */
let compiled: ReadonlyMap<EventVersion, ValidateFunction> | undefined;

function compile(): ReadonlyMap<EventVersion, ValidateFunction> {
  const ajv = eventAjv();
  const versions = [...EVENTS.values()].flatMap(versionsOf);
  return new Map(versions.map((version) => [version, ajv.compile(version.stored)]));
}

/**
 * What may become history: known types in their streams, classified fields sealed, not from the future. In any version
 * that is known: while a release rolls out, the one before it still records, in the versions of its own.
 */
export class StoredEventGate {
  private readonly validators = (compiled ??= compile());

  /**
   * Refuses what must not become history.
   *
   * @throws Problem `invalid-input` naming type and place, never a value
   */
  check(stream: string, event: ProposedEvent, recordedAt: EpochMillis): void {
    const definition = known(event);
    if (!isStreamName(stream) || !belongsInto(definition, stream)) {
      const where = definition.category === COUNTED ? 'counted streams' : `${definition.category}- streams`;
      throw refused(event, 'stream', `events of this type belong into ${where}`);
    }
    const validate = this.validators.get(definition)!;
    if (!validate(event.data)) {
      const { instancePath, message } = validate.errors![0]!;
      throw refused(event, `data${instancePath}`, message ?? 'does not match the stored schema');
    }
    if (event.occurredAt === undefined) return;
    if (!isInstant(event.occurredAt)) throw refused(event, 'occurredAt', 'must be UTC with milliseconds');
    if (toMillis(event.occurredAt) > recordedAt + MAX_AHEAD_MS) {
      throw new AheadOfClock(event, recordedAt);
    }
  }
}

function known(event: ProposedEvent): EventVersion {
  try {
    return eventVersion(event.type, event.version);
  } catch (error) {
    if (!(error instanceof UnknownEventError)) throw error;
    throw refused(event, 'type', `no event of this type and version is known; deploy the ledger first`);
  }
}

/** What is proposed lies ahead of the ledger's clock: the decider's may differ from it. */
export class AheadOfClock extends Problem {
  constructor(
    event: ProposedEvent,
    readonly clock: EpochMillis,
  ) {
    super(refusal(event, 'occurredAt', 'lies more than 5 minutes in the future'));
  }
}

function refused(event: ProposedEvent, field: string, message: string): Problem {
  return new Problem(refusal(event, field, message));
}

function refusal(event: ProposedEvent, field: string, message: string): ProblemDetails {
  return {
    kind: 'invalid-input',
    detail: `The ledger refuses ${event.type} version ${event.version}.`,
    errors: [{ field, message }],
  };
}
