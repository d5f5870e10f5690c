import { isSealed, isVisible, type FieldClassName, type Role } from '@rapport/contracts';
import { parseKid } from '../keys/keyOwner.ts';
import { pointerOf } from '../sealing/authenticatedData.ts';
import { classOfKid, type SealedFieldCodec } from '../sealing/sealedFieldCodec.ts';
import { TamperedFieldError } from '../sealing/sealedFieldErrors.ts';
import { isCarried, type CarriedValue } from './carriedValue.ts';

/** What a field becomes that the actor's roles don't see. */
export interface Masked {
  readonly masked: true;
  readonly class: FieldClassName;
}

export interface RevealContext {
  readonly tenant: string;
  /**
   * Clear fields that are classified all the same, since a projection opened them to compute: dotted path →
   * class. A path goes through lists: `purchases.cny` is that field of every item.
   */
  readonly classified?: Readonly<Record<string, FieldClassName>>;
}

/** The one place that decides what leaves the system in clear: list, detail, search, export, timeline, stream. */
export class Revealer {
  constructor(private readonly codec: Pick<SealedFieldCodec, 'openValue'>) {}

  /**
   * A copy of any JSON: sealed values that the roles may see are opened, others become `{masked: true, class}`,
   * erased ones `{erased: true}`. A sealed value that was not carried (carriedValue.ts) can't be opened and is
   * masked.
   *
   * @throws KeysUnavailable, TamperedFieldError
   */
  async reveal(body: unknown, roles: readonly Role[], context: RevealContext): Promise<unknown> {
    const hidden = hiddenPaths(roles, context.classified ?? {});
    const opened = new Map<CarriedValue, unknown>();
    const underway: Promise<unknown>[] = [];
    for (const value of carriedIn(body, '', hidden, [])) {
      if (!maySee(value, roles)) continue;
      if (parseKid(value.kid)?.tenant !== context.tenant || !value.aad.startsWith(`${context.tenant}|`)) {
        throw new TamperedFieldError(value.aad, 'belongs to another tenant');
      }
      const answer = this.codec.openValue(value, value.aad);
      if (answer instanceof Promise) underway.push(answer.then((late) => opened.set(value, late)));
      else opened.set(value, answer);
    }
    await Promise.all(underway);
    return show(body, '', hidden, opened);
  }
}

type HiddenPaths = ReadonlyMap<string, FieldClassName>;

function hiddenPaths(
  roles: readonly Role[],
  classified: Readonly<Record<string, FieldClassName>>,
): HiddenPaths {
  return new Map(Object.entries(classified).filter(([, fieldClass]) => !isVisible(fieldClass, roles)));
}

function maySee(value: CarriedValue, roles: readonly Role[]): boolean {
  const fieldClass = classOfKid(value.kid);
  return fieldClass !== undefined && isVisible(fieldClass, roles, pointerOf(value.aad));
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function carriedIn(value: unknown, path: string, hidden: HiddenPaths, found: CarriedValue[]): CarriedValue[] {
  if (typeof value !== 'object' || value === null || hidden.has(path)) return found;
  if (isCarried(value)) found.push(value);
  else if (isSealed(value)) return found;
  else if (Array.isArray(value)) for (const item of value) carriedIn(item, path, hidden, found);
  else for (const [name, item] of Object.entries(value)) carriedIn(item, below(path, name), hidden, found);
  return found;
}

function show(
  value: unknown,
  path: string,
  hidden: HiddenPaths,
  opened: ReadonlyMap<unknown, unknown>,
): unknown {
  const fieldClass = hidden.get(path);
  if (fieldClass !== undefined && value !== undefined && !isErased(value)) return mask(fieldClass);
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) {
    // An unreadable key id tells no class: the strictest is shown.
    return opened.has(value) ? opened.get(value) : mask(classOfKid(value.kid) ?? 'personal');
  }
  if (Array.isArray(value)) return value.map((item) => show(item, path, hidden, opened));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, show(item, below(path, name), hidden, opened)]),
  );
}

function mask(fieldClass: FieldClassName): Masked {
  return { masked: true, class: fieldClass };
}

function isErased(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { erased?: unknown }).erased === true &&
    Object.keys(value).length === 1
  );
}
