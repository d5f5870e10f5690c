import { UsageError } from '@rapport/hosting';

/** Somebody who was erased after the backup was taken: the restored log knows nothing of it. */
export interface ErasedPerson {
  readonly customerId: string;
  /** A contact of the customer, or the customer's own id, where that is an individual. */
  readonly personId: string;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads a list of erasures: a person a line, as `<customerId> <personId>`, or a line of JSON with both, as the data of
 * `PersonErased` has them. Empty lines and lines that begin with # are passed over.
 *
 * @throws UsageError naming the line, never what stands in it
 */
export function parseErasedPersons(text: string): readonly ErasedPerson[] {
  const persons = new Map<string, ErasedPerson>();
  for (const [n, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const person = line.startsWith('{') ? fromJson(line) : fromWords(line);
    if (person === undefined || !ID.test(person.customerId) || !ID.test(person.personId)) {
      throw new UsageError(
        `the list of erased persons, line ${n + 1}: write "<customerId> <personId>", or {"customerId":…,"personId":…}`,
      );
    }
    persons.set(person.personId, person);
  }
  return [...persons.values()];
}

function fromWords(line: string): ErasedPerson | undefined {
  const [customerId, personId, ...more] = line.split(/[\s,;]+/);
  return personId === undefined || more.length > 0 ? undefined : { customerId: customerId!, personId };
}

function fromJson(line: string): ErasedPerson | undefined {
  try {
    const { customerId, personId } = JSON.parse(line) as Partial<Record<string, unknown>>;
    return typeof customerId === 'string' && typeof personId === 'string'
      ? { customerId, personId }
      : undefined;
  } catch {
    return undefined;
  }
}
