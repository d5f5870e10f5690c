import { COUNTED_CATEGORIES } from '@rapport/contracts';
import type { Filter } from '@kurrent/kurrentdb-client';

/**
 * Where the adapter keeps its map, by generation from 1 on: no name that a stream of the port can have, so nobody
 * else sees it.
 */
export const positionsStream = (generation: number): string => `rapport:counted-positions:${generation}`;

/** The grammar of `isStreamName`, for the server's filters: system streams and the adapter's own never match. */
const PORT_STREAM = '[a-z][a-zA-Z]*-[0-9a-z-]{1,80}$';
const COUNTED = `(${COUNTED_CATEGORIES.join('|')})`;

/**
 * Events scanned by the server between two checkpoints of a filtered subscription. As shipped it is 32, which
 * sends a checkpoint message for nearly every batch.
 */
const MAX_SEARCH_WINDOW = 10_000;

/** Every stream of the port. By name, never by type: the port lets types begin with `$`. */
export const portStreams: Filter = byName(`^${PORT_STREAM}`);

/** Streams whose events have an index. */
export const countedStreams: Filter = byName(`^${COUNTED}-[0-9a-z-]{1,80}$`);

/** What the follower must see: the port's streams, and the metadata of counted ones (`$$ticket-…`). */
export const followedStreams: Filter = byName(`^(\\$\\$${COUNTED}-|${PORT_STREAM})`);

/**
 * Streams of one category. A prefix is filtered by the server while it scans the log: no system projection must
 * run for it (`$ce-…`), no secondary index must have caught up, nothing is licensed.
 */
export function categoryStreams(category: string): Filter {
  return { filterOn: 'streamName', prefixes: [`${category}-`], checkpointInterval: 1 };
}

function byName(regex: string): Filter {
  return { filterOn: 'streamName', regex, checkpointInterval: 1, maxSearchWindow: MAX_SEARCH_WINDOW };
}
