import fc from 'fast-check';
import { fieldKinds, type Class, type FieldKind } from './fieldKinds.ts';
import { validBodies, type Known } from './validBodies.ts';

/** A body with one thing wrong, and the path of the field that is to be named for it. */
export interface HostileBody {
  readonly body: Record<string, unknown>;
  /** As the sender would write it: `contacts[0].phone`. */
  readonly field: string;
  readonly fault: string;
}

/** A field of a body, or an item of a list in it. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly name: string | number;
  readonly path: string;
  /** undefined for a free object's own fields. */
  readonly kind: FieldKind;
  readonly isItem: boolean;
}

/** Bodies that are valid but for one field: missing, unknown, of another shape or type, or of a name that none has. */
export function hostileBodies(of: Class, known: Known = {}): fc.Arbitrary<HostileBody> {
  return fc.tuple(validBodies(of, known), fc.nat(), fc.nat()).map(([valid, where, what]) => {
    const body = copyOf(valid) as Record<string, unknown>;
    const places = [...placesOf(of, body, '')];
    const holders = [{ holder: body, path: '' }, ...objectsAmong(places)];
    const { holder, path } = holders[where % holders.length]!;
    const faults: readonly (() => Omit<HostileBody, 'body'>)[] = [
      ...strangers(holder, path),
      ...(places.length === 0 ? [] : faultsOf(places[where % places.length]!)),
    ];
    return { body, ...faults[what % faults.length]!() };
  });
}

/** Fields that are not known, put beside others. */
function strangers(holder: Record<string, unknown>, path: string): (() => Omit<HostileBody, 'body'>)[] {
  const add = (name: string, value: unknown) => (): Omit<HostileBody, 'body'> => {
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
    return { field: path === '' ? name : `${path}.${name}`, fault: `an unknown field ${name}` };
  };
  return [
    add('colour', 'red'),
    add('0', []),
    add('toString', 1),
    add('__proto__', { fullName: '张三' }),
    add('constructor', { prototype: {} }),
    add('deep', deepObject()),
  ];
}

/** What is wrong in the place of a field, or of an item of a list. */
function faultsOf({ holder, name, path, kind, isItem }: Place): (() => Omit<HostileBody, 'body'>)[] {
  const put = (fault: string, value: unknown) => (): Omit<HostileBody, 'body'> => {
    (holder as Record<string | number, unknown>)[name] = value;
    return { field: path, fault };
  };
  const faults = [put('null', null)];
  if (!isItem && kind.required) {
    faults.push(() => {
      delete (holder as Record<string | number, unknown>)[name];
      return { field: path, fault: 'missing' };
    });
  }
  const before = (holder as Record<string | number, unknown>)[name];
  const takesList = kind.isList && !isItem;
  if (takesList) {
    faults.push(
      put('an object for a list', {}),
      put('its own item for a list', (before as unknown[])[0] ?? { length: 0 }),
      put('too long a list', Array<unknown>(kind.maxItems! + 1).fill((before as unknown[])[0] ?? null)),
      put('text for a list', 'x'),
    );
    return faults;
  }
  const takesObject = typeof kind.type === 'function' || kind.type === 'object';
  faults.push(
    put('an empty list', []),
    put('a list of itself', [before]),
    put('a deep list', [deepObject()]),
  );
  if (takesObject) faults.push(put('text for an object', 'x'), put('a number for an object', 1));
  else faults.push(put('an object for a value', {}), put('a deep object', deepObject()));
  if (kind.type === 'string') faults.push(put('a number for text', 13_812_345_678), put('empty text', ''));
  if (kind.type === 'integer' || kind.type === 'boolean') faults.push(put('text for another value', '1'));
  if (kind.maxLength !== undefined) faults.push(put('too long text', '长'.repeat(kind.maxLength + 1)));
  if (kind.maximum !== undefined) faults.push(put('too large', kind.maximum + 1));
  if (kind.enum !== undefined) faults.push(put('another word', 'none of them'));
  return faults;
}

function* placesOf(of: Class, body: Record<string, unknown>, above: string): Generator<Place> {
  for (const kind of fieldKinds(of)) {
    const { name } = kind;
    if (!Object.hasOwn(body, name)) continue;
    const path = above === '' ? name : `${above}.${name}`;
    yield { holder: body, name, path, kind, isItem: false };
    const value = body[name];
    const within = (part: unknown, at: string): Generator<Place> =>
      placesOf(kind.type as Class, part as Record<string, unknown>, at);
    if (!kind.isList) {
      if (typeof kind.type === 'function') yield* within(value, path);
      continue;
    }
    for (const [n, item] of (value as unknown[]).entries()) {
      yield { holder: value as unknown[], name: n, path: `${path}[${n}]`, kind, isItem: true };
      if (typeof kind.type === 'function') yield* within(item, `${path}[${n}]`);
    }
  }
}

function objectsAmong(places: readonly Place[]): { holder: Record<string, unknown>; path: string }[] {
  return places
    .filter(({ kind, isItem }) => typeof kind.type === 'function' && kind.isList === isItem)
    .map(({ holder, name, path }) => ({
      holder: (holder as Record<string | number, unknown>)[name] as Record<string, unknown>,
      path,
    }));
}

/** Deeper than a body may be. */
function deepObject(): object {
  let value: object = {};
  for (let level = 0; level < 20; level += 1) value = { in: [value] };
  return value;
}

/** Not structuredClone: under Jest it makes objects of another realm, which the acceptor declines. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}
