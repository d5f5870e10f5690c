import { isDeepStrictEqual } from 'node:util';
import { compareText } from '../query/scalarOrder.ts';
import type { ViewCollection, ViewDocument } from '../viewStore.ts';

export interface ViewComparison {
  /** Documents of each side. */
  readonly live: number;
  readonly candidate: number;
  /** The same content on both sides. */
  readonly equal: number;
  /** Other content at the same index: the two folds differ. */
  readonly different: number;
  /** Other content at different indexes: one side folds events that the other passes over, or is behind. */
  readonly apart: number;
  readonly onlyLive: number;
  readonly onlyCandidate: number;
  /** The first ones in order of key. */
  readonly differences: readonly ViewDifference[];
}

export interface ViewDifference {
  readonly key: string;
  readonly kind: 'different' | 'apart' | 'only-live' | 'only-candidate';
  readonly liveIndex?: number;
  readonly candidateIndex?: number;
  /** Paths at which the two differ; never what stands there, it may be personal. */
  readonly fields: readonly string[];
}

export interface CompareOptions {
  /** Longest list of differences; default 100. Counts are always complete. */
  readonly limit?: number;
}

const LOOKS = 3;
const LONGEST_FIELDS = 20;

/**
 * Compares two versions of a view, document by document, in one walk over both. While both follow the log, a document
 * may be caught between two events: where indexes differ it is looked at again.
 */
export async function compareViews(
  live: ViewCollection,
  candidate: ViewCollection,
  { limit = 100 }: CompareOptions = {},
): Promise<ViewComparison> {
  const counts = { live: 0, candidate: 0, equal: 0, different: 0, apart: 0, onlyLive: 0, onlyCandidate: 0 };
  const differences: ViewDifference[] = [];
  for await (const pair of sideBySide(live, candidate)) {
    if (pair.live !== undefined) counts.live++;
    if (pair.candidate !== undefined) counts.candidate++;
    const found = difference(await settledPair(pair, live, candidate));
    if (found === undefined) {
      counts.equal++;
      continue;
    }
    counts[COUNT[found.kind]]++;
    if (differences.length < limit) differences.push(found);
  }
  return { ...counts, differences };
}

const COUNT = {
  different: 'different',
  apart: 'apart',
  'only-live': 'onlyLive',
  'only-candidate': 'onlyCandidate',
} as const;

interface Pair {
  readonly key: string;
  readonly live?: ViewDocument;
  readonly candidate?: ViewDocument;
}

async function* sideBySide(live: ViewCollection, candidate: ViewCollection): AsyncIterable<Pair> {
  const lives = live.scan()[Symbol.asyncIterator]();
  const candidates = candidate.scan()[Symbol.asyncIterator]();
  let left = await lives.next();
  let right = await candidates.next();
  while (left.done !== true || right.done !== true) {
    const order =
      left.done === true ? 1 : right.done === true ? -1 : compareText(left.value.key, right.value.key);
    const pair = {
      key: (order <= 0 ? left.value : right.value).key as string,
      live: order <= 0 ? left.value : undefined,
      candidate: order >= 0 ? right.value : undefined,
    };
    yield pair;
    if (order <= 0) left = await lives.next();
    if (order >= 0) right = await candidates.next();
  }
}

/** A pair whose indexes differ, as it is a moment later. */
async function settledPair(pair: Pair, live: ViewCollection, candidate: ViewCollection): Promise<Pair> {
  let latest = pair;
  for (let look = 1; look < LOOKS && latest.live?.index !== latest.candidate?.index; look++) {
    latest = { key: pair.key, live: await live.get(pair.key), candidate: await candidate.get(pair.key) };
  }
  return latest;
}

function difference({ key, live, candidate }: Pair): ViewDifference | undefined {
  if (isDeepStrictEqual(live?.body, candidate?.body)) return undefined;
  const indexes = { liveIndex: live?.index, candidateIndex: candidate?.index };
  if (live === undefined) return { key, kind: 'only-candidate', ...indexes, fields: [] };
  if (candidate === undefined) return { key, kind: 'only-live', ...indexes, fields: [] };
  const kind = live.index === candidate.index ? 'different' : 'apart';
  return {
    key,
    kind,
    ...indexes,
    fields: differingFields(live.body, candidate.body).slice(0, LONGEST_FIELDS),
  };
}

function differingFields(one: unknown, other: unknown, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isObject(one) || !isObject(other)) return [path];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort(compareText);
  return names.flatMap((name) =>
    differingFields(one[name], other[name], path === '' ? name : `${path}.${name}`),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
