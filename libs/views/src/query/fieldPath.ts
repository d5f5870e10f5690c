import type { Scalar } from '../viewStore.ts';
import { invalidView } from '../viewStoreError.ts';

const PATH = /^[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_][\p{L}\p{N}_-]*)*$/u;

/**
 * Refuses a path that is none. Adapters put paths into statements, so this is also what keeps quotes, `$` and
 * operators out of them.
 *
 * @throws ViewStoreError `invalid`
 */
export function assertFieldPath(path: string): void {
  if (path.length > 200 || !PATH.test(path)) {
    throw invalidView('not a field path: segments of letters, digits, _ and -, separated by dots');
  }
}

/** What stands at a dotted path, where that is text, a number or a boolean; null for everything else. */
export function scalarAt(body: unknown, path: string): Scalar {
  return scalarReader(path)(body);
}

/** scalarAt for a path that is read again and again. */
export function scalarReader(path: string): (body: unknown) => Scalar {
  const segments = path.split('.');
  return (body) => {
    let place: unknown = body;
    for (const segment of segments) {
      if (typeof place !== 'object' || place === null || Array.isArray(place)) return null;
      if (!Object.hasOwn(place, segment)) return null;
      place = (place as Record<string, unknown>)[segment];
    }
    return typeof place === 'string' || typeof place === 'number' || typeof place === 'boolean'
      ? place
      : null;
  };
}
