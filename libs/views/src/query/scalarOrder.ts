import type { Scalar } from '../viewStore.ts';

/** Text in order of code points, which is the order of its UTF-8 bytes: what SQLite and MongoDB sort by. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above everything else, but lie below U+E000 as code units.
    if (x >= 0xd800 && y >= 0xd800) {
      if (x >= 0xe000) x -= 0x800;
      else x += 0x2000;
      if (y >= 0xe000) y -= 0x800;
      else y += 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

function rank(value: Scalar): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  return typeof value === 'number' ? 2 : 3;
}

/** Missing first, then by value; types do not mix within one field. */
export function compareScalars(a: Scalar, b: Scalar): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'string') return compareText(a, b as string);
  return Number(a) - Number(b);
}
