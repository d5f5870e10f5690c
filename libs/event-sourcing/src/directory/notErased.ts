import { streamName } from '@rapport/contracts';
import { NO_STREAM } from '@rapport/event-store';
import { ruleViolated, type Problem } from '@rapport/platform';
import type { CompanionWrite, DecidedEvent, Decision } from '../decider/decider.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Holds nothing but the person's erasure. */
export function personStream(personId: string): string {
  return streamName('person', personId);
}

/** The data of an erased person is gone for good, and no command brings new data about them. */
export function erased(): Problem {
  return ruleViolated(
    'R-100',
    'The data of this person was erased on request: nothing more is recorded about them.',
  );
}

/**
 * Written with a decision that adds to a person's data: holds only while the person is not erased. Harmless for whom
 * there is no such stream: a company can't be erased.
 */
export function notErased(personId: string): CompanionWrite {
  return { stream: personStream(personId), expectedRevision: NO_STREAM, events: [], refusal: erased };
}

/**
 * Where in the log one of these persons was erased. Whoever was erased stays so: what is found never turns wrong.
 *
 * @returns index of the erasure, undefined where none of them is known to be erased
 */
export async function erasureIndexOf(
  ledger: Pick<Ledger, 'readLast'>,
  persons: readonly string[],
): Promise<number | undefined> {
  const erasures = await Promise.all(persons.map((person) => ledger.readLast(personStream(person))));
  return erasures.find((erasure) => erasure !== undefined)?.index ?? undefined;
}

/**
 * A decision that names these persons, or carries text about them. Asking before would leave a gap for an erasure
 * until the append: the ledger decides, by the order of the log.
 */
export function aboutPersons(persons: readonly string[], events: readonly DecidedEvent[]): Decision {
  if (persons.length === 0 || events.length === 0) return { events };
  return { events, companions: [...new Set(persons)].map(notErased) };
}
