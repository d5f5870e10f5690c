import {
  CLASS_OF_OWNER,
  eventVersion,
  isSealed,
  type EventVersion,
  type JsonValue,
  type SealedValue,
} from '@rapport/contracts';
import { ruleViolated, type Random } from '@rapport/platform';
import type { Awaitable } from '../keys/awaitable.ts';
import { parseKid, type KeyOwner } from '../keys/keyOwner.ts';
import type { KeyAnswer, KeyStore } from '../keys/keyStore.ts';
import { KeysUnavailable } from '../keys/keysUnavailable.ts';
import { authenticatedData, type SealingContext, type SealVersion } from './authenticatedData.ts';
import { sealValue, unsealValue } from './sealedBox.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import { boundTo, ownerIn, type SealedEvent } from './sealedPlace.ts';
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
  /** @param form in which it seals; it opens every form. `1` while a process runs that opens no other */
  constructor(
    private readonly keys: KeyStore,
    private readonly random: Random,
    private readonly form: SealVersion = 2,
  ) {}

  /**
   * Data as it is stored: every classified field sealed with its owner's key. Keys that are missing are made, and
   * are durable before it answers.
   *
   * @throws Problem rule-violated where an owner was erased
   * @throws KeysUnavailable
   */
  seal(definition: EventVersion, data: EventData, context: SealingContext): Awaitable<EventData> {
    const { copy, slots } = sealedSlots(definition, data);
    if (slots.length === 0) return data;
    const owners = slots.map((slot) => ownerOf(definition, slot, data));
    const ask = (i: number) => this.keyToSeal(owners[i]!, context.tenant);
    return gather(
      owners.map(({ kind, id }) => `${kind}/${id}`),
      ask,
      (answers) => {
        for (const [i, { container, key, pointer }] of slots.entries()) {
          const answer = answers[i]!;
          if (answer.status === 'destroyed') throw erasedOwner();
          if (answer.status === 'unavailable') throw new KeysUnavailable({ cause: answer.cause });
          const value = container[key] as JsonValue;
          if (isSealed(value)) throw new TypeError(`${definition.type} ${pointer} is sealed already`);
          const { id } = owners[i]!;
          const authenticated = authenticatedData(this.form, context, definition.type, pointer, id);
          container[key] = sealValue(this.form, answer, this.random.bytes(12), authenticated, value);
        }
        return copy as EventData;
      },
    );
  }

  /**
   * The event with its sealed fields opened; erased ones are `{erased: true}`. The same object where there is
   * nothing to open.
   *
   * @param paths only these fields, dotted: `amount`, `nextSteps.*.text`; default all
   * @throws KeysUnavailable, TamperedFieldError, UnknownSealError, UnknownEventError
   */
  open<E extends SealedEvent>(
    event: E,
    paths?: readonly string[],
    definition: EventVersion = eventVersion(event.type, event.version),
  ): Awaitable<E> {
    const { copy, slots } = sealedSlots(definition, event.data as EventData, paths);
    if (slots.length === 0) return event;
    const bound = slots.map(({ container, key, pointer, fieldClass }) =>
      boundTo(event, pointer, fieldClass, container[key]),
    );
    const kids = bound.map(({ sealed }) => sealed.kid);
    const ask = (i: number) => this.keys.byKid(kids[i]!);
    return gather(kids, ask, (answers): E => {
      for (let i = 0; i < slots.length; i++) {
        const { container, key } = slots[i]!;
        const { sealed, authenticated } = bound[i]!;
        container[key] = unseal(answers[i]!, sealed, authenticated);
      }
      return { ...event, data: copy };
    });
  }

  /**
   * One sealed value, wherever it was carried to.
   *
   * @param authenticated what it was bound to when it was sealed
   * @throws KeysUnavailable, TamperedFieldError, UnknownSealError
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

function ownerOf(definition: EventVersion, { pointer, fieldClass }: SealedSlot, data: EventData): KeyOwner {
  const owner = ownerIn(data, fieldClass);
  if (owner === undefined)
    throw new TypeError(`${definition.type} ${pointer} needs ${fieldClass.owner.idField} to be sealed`);
  return owner;
}

function erasedOwner(): Error {
  return ruleViolated(
    'R-100',
    'Whom this is about was erased on request: nothing more may be recorded of them.',
  );
}

/**
 * Asks for the key of every slot, once where neighbours share it, and goes on at once where all are at hand.
 *
 * @param names one per slot; equal names mean the same key
 */
function gather<R>(
  names: readonly string[],
  ask: (slot: number) => Awaitable<KeyAnswer>,
  goOn: (answers: readonly KeyAnswer[]) => R,
): Awaitable<R> {
  let late = false;
  const answers: Awaitable<KeyAnswer>[] = [];
  for (let i = 0; i < names.length; i++) {
    const answer = i > 0 && names[i] === names[i - 1] ? answers[i - 1]! : ask(i);
    if (answer instanceof Promise) late = true;
    answers.push(answer);
  }
  return late ? Promise.all(answers).then(goOn) : goOn(answers as KeyAnswer[]);
}

/** The class of what a key id's key seals; undefined where it is no key id. */
export function classOfKid(kid: string): (typeof CLASS_OF_OWNER)[keyof typeof CLASS_OF_OWNER] | undefined {
  const id = parseKid(kid);
  return id === undefined ? undefined : CLASS_OF_OWNER[id.owner.kind];
}
