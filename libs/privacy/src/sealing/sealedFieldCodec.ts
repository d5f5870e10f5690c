import {
  CLASS_OF_OWNER,
  eventDefinition,
  isSealed,
  type Envelope,
  type EventDefinition,
  type JsonValue,
  type SealedValue,
} from '@rapport/contracts';
import { ruleViolated, type Random } from '@rapport/platform';
import type { Awaitable } from '../keys/awaitable.ts';
import { parseKid, type KeyOwner } from '../keys/keyOwner.ts';
import type { KeyAnswer, KeyStore } from '../keys/keyStore.ts';
import { KeysUnavailable } from '../keys/keysUnavailable.ts';
import { authenticatedData, type SealingContext } from './authenticatedData.ts';
import { sealValue, unsealValue } from './sealedBox.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import { sealedSlots, type EventData, type SealedSlot } from './sealedSlots.ts';

/** What a field becomes that can't be opened any more: its key was destroyed on request. */
export interface Erased {
  readonly erased: true;
}

export const ERASED: Erased = Object.freeze({ erased: true });

/**
 * Seals the classified fields of events before they are stored, and opens them (contract.md, «Sealed fields»).
 * Answers at once where the keys are at hand; give it a CachedKeyStore.
 */
export class SealedFieldCodec {
  constructor(
    private readonly keys: KeyStore,
    private readonly random: Random,
  ) {}

  /**
   * Data as it is stored: every classified field sealed with its owner's key. Keys that are missing are made, and
   * are durable before it answers.
   *
   * @throws Problem rule-violated where an owner was erased
   * @throws KeysUnavailable
   */
  seal(definition: EventDefinition, data: EventData, context: SealingContext): Awaitable<EventData> {
    const { copy, slots } = sealedSlots(definition, data);
    if (slots.length === 0) return data;
    const owners = slots.map((slot) => ownerOf(definition, slot, data));
    const seal = (answers: ReadonlyMap<string, KeyAnswer>): EventData => {
      for (const [i, { container, key, pointer }] of slots.entries()) {
        const answer = answers.get(`${owners[i]!.kind}/${owners[i]!.id}`)!;
        if (answer.status === 'destroyed') throw erasedOwner();
        if (answer.status === 'unavailable') throw new KeysUnavailable({ cause: answer.cause });
        const value = container[key] as JsonValue;
        if (isSealed(value)) throw new TypeError(`${definition.type} ${pointer} is sealed already`);
        const authenticated = authenticatedData(context, definition.type, pointer);
        container[key] = sealValue(answer.kid, answer.key, this.random.bytes(12), authenticated, value);
      }
      return copy as EventData;
    };
    const needed = new Map(owners.map((owner) => [`${owner.kind}/${owner.id}`, owner]));
    return gather(needed, (owner) => this.keyToSeal(owner, context.tenant), seal);
  }

  /**
   * The event with its sealed fields opened; erased ones are `{erased: true}`. The same object where there is
   * nothing to open.
   *
   * @param paths only these fields, dotted: `amount`, `nextSteps.*.text`; default all
   * @throws KeysUnavailable, TamperedFieldError, UnknownEventError
   */
  open<E extends Envelope<unknown>>(
    event: E,
    paths?: readonly string[],
    definition: EventDefinition = eventDefinition(event.type, event.version),
  ): Awaitable<E> {
    const { copy, slots } = sealedSlots(definition, event.data as EventData, paths);
    if (slots.length === 0) return event;
    const kids = new Map<string, string>();
    for (const { container, key, pointer, fieldClass } of slots) {
      const value = container[key];
      const place = authenticatedData(event, event.type, pointer);
      if (!isSealed(value)) throw new TamperedFieldError(place, 'is not sealed');
      if (parseKid(value.kid)?.owner.kind !== fieldClass.owner.kind) {
        throw new TamperedFieldError(place, 'names a key of another kind');
      }
      kids.set(value.kid, value.kid);
    }
    return gather(
      kids,
      (kid) => this.keys.byKid(kid),
      (answers): E => {
        for (const { container, key, pointer } of slots) {
          const sealed = container[key] as SealedValue;
          container[key] = unseal(
            answers.get(sealed.kid)!,
            sealed,
            authenticatedData(event, event.type, pointer),
          );
        }
        return { ...event, data: copy };
      },
    );
  }

  /**
   * One sealed value, wherever it was carried to.
   *
   * @param authenticated what it was bound to when it was sealed
   * @throws KeysUnavailable, TamperedFieldError
   */
  openValue(sealed: SealedValue, authenticated: string): Awaitable<JsonValue | Erased> {
    const asked = this.keys.byKid(sealed.kid);
    if (asked instanceof Promise) return asked.then((answer) => unseal(answer, sealed, authenticated));
    return unseal(asked, sealed, authenticated);
  }

  private keyToSeal(owner: KeyOwner, tenant: string): Awaitable<KeyAnswer> {
    const known = this.keys.keyFor(owner, tenant);
    if (known instanceof Promise) {
      return known.then((answer) => (answer.status === 'absent' ? this.keys.create(owner, tenant) : answer));
    }
    return known.status === 'absent' ? this.keys.create(owner, tenant) : known;
  }
}

function unseal(answer: KeyAnswer, sealed: SealedValue, authenticated: string): JsonValue | Erased {
  if (answer.status === 'destroyed') return ERASED;
  if (answer.status === 'unavailable') {
    if (parseKid(sealed.kid) === undefined) throw new TamperedFieldError(authenticated, 'names no key');
    throw new KeysUnavailable({ cause: answer.cause });
  }
  return unsealValue(answer.key, authenticated, sealed);
}

function ownerOf(
  definition: EventDefinition,
  { pointer, fieldClass }: SealedSlot,
  data: EventData,
): KeyOwner {
  const { kind, idField } = fieldClass.owner;
  const id = data[idField];
  if (typeof id !== 'string')
    throw new TypeError(`${definition.type} ${pointer} needs ${idField} to be sealed`);
  return { kind, id };
}

function erasedOwner(): Error {
  return ruleViolated(
    'R-100',
    'Whom this is about was erased on request: nothing more may be recorded of them.',
  );
}

/** Asks for every key, and goes on at once where all are at hand. */
function gather<K, R>(
  wanted: ReadonlyMap<string, K>,
  ask: (wanted: K) => Awaitable<KeyAnswer>,
  goOn: (answers: ReadonlyMap<string, KeyAnswer>) => R,
): Awaitable<R> {
  const answers = new Map<string, KeyAnswer>();
  const underway: Promise<unknown>[] = [];
  for (const [name, key] of wanted) {
    const answer = ask(key);
    if (answer instanceof Promise) underway.push(answer.then((late) => answers.set(name, late)));
    else answers.set(name, answer);
  }
  if (underway.length === 0) return goOn(answers);
  return Promise.all(underway).then(() => goOn(answers));
}

/** The class of what a key id's key seals; undefined where it is no key id. */
export function classOfKid(kid: string): (typeof CLASS_OF_OWNER)[keyof typeof CLASS_OF_OWNER] | undefined {
  const id = parseKid(kid);
  return id === undefined ? undefined : CLASS_OF_OWNER[id.owner.kind];
}
