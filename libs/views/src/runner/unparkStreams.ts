import { chunks } from '../chunks.ts';
import type { ParkedKey } from '../viewStore.ts';
import { reasonOf } from './failureText.ts';
import { keysOf } from './keysOf.ts';
import type { Tenure } from './tenure.ts';
import { HELD_BY_STREAM } from './touch.ts';
import { unparkKeys } from './unparkKeys.ts';
import type { UnparkResult } from './unparkKeys.ts';

const PAGE = 1_000;
/** Documents that come back in one walk over the log: so many are in memory at once. */
const KEYS_TOGETHER = 500;

/** A parked stream on its way back. */
interface ReturningStream {
  readonly entry: ParkedKey;
  /** The documents that its events touch, with the first event that each misses. */
  readonly missing: Map<string, number>;
  /** At the next event that does not say what it touches. */
  failed?: ParkedKey;
}

/**
 * Lets parked streams go on. Their events say by now which documents they touch: each of these is parked in its stream's
 * place, at the first event that it misses, and then unparked like any other key. A crash in between leaves keys that
 * are parked, and nothing is lost.
 *
 * @param keys as of streamKey()
 */
export async function unparkStreams(
  tenure: Tenure,
  keys: readonly string[],
): Promise<ReadonlyMap<string, UnparkResult>> {
  const results = new Map<string, UnparkResult>(keys.map((key) => [key, { status: 'not-parked' }]));
  const parked = await tenure.between(() => tenure.parked.among(keys));
  if (parked.size === 0) return results;
  const streams = new Map([...parked.values()].map((entry) => [entry.stream, returning(entry)]));
  const walk = new StreamsWalk(tenure, streams);
  await walk.run();
  await tenure.between(async () => {
    const now = await tenure.parked.among(parked.keys());
    for (const [stream, { entry }] of streams) {
      const current = now.get(entry.key);
      if (current?.index === entry.index) continue;
      // Somebody else tried meanwhile.
      streams.delete(stream);
      if (current !== undefined) results.set(entry.key, { status: 'parked', entry: current });
    }
    await walk.run();
    await handOver(tenure, [...streams.values()]);
  });
  const waiting = await comeBack(tenure, [...streams.values()]);
  for (const { entry, missing, failed } of streams.values()) {
    const waits = failed ?? [...missing.keys()].flatMap((key) => waiting.get(key) ?? [])[0];
    results.set(entry.key, waits === undefined ? { status: 'unparked' } : { status: 'parked', entry: waits });
  }
  return results;
}

function returning(entry: ParkedKey): ReturningStream {
  return { entry, missing: new Map() };
}

/** One walk over the log for all of them, up to where the tenure is. */
class StreamsWalk {
  private readonly types: ReadonlySet<string>;
  private next: number;

  constructor(
    private readonly tenure: Tenure,
    private readonly streams: ReadonlyMap<string, ReturningStream>,
  ) {
    this.types = new Set(tenure.parts.projection.types);
    this.next = Math.min(...[...streams.values()].map(({ entry }) => entry.index));
  }

  async run(): Promise<void> {
    const { projection } = this.tenure.parts;
    while (this.next <= this.tenure.index && this.goesOn) {
      const page = await this.tenure.readCounted(this.next, PAGE);
      for (const event of page) {
        const { stream, type } = event;
        const returning = this.streams.get(stream);
        if (returning === undefined || returning.failed !== undefined || !this.types.has(type)) continue;
        const { entry, missing } = returning;
        const index = event.index!;
        if (index < entry.index) continue;
        try {
          for (const key of keysOf(projection, event)) if (!missing.has(key)) missing.set(key, index);
        } catch (error) {
          returning.failed = { ...entry, index, reason: reasonOf(error) };
        }
      }
      this.next = page.at(-1)!.index! + 1;
    }
  }

  private get goesOn(): boolean {
    return [...this.streams.values()].some(({ failed }) => failed === undefined);
  }
}

/** Between two batches: the keys are parked before their stream is not, so that no event passes between the two. */
async function handOver(tenure: Tenure, streams: readonly ReturningStream[]): Promise<void> {
  const { lease, events } = tenure.parts;
  const first = new Map<string, { index: number; stream: string }>();
  for (const { entry, missing } of streams) {
    for (const [key, index] of missing) {
      if (index < (first.get(key)?.index ?? Infinity)) first.set(key, { index, stream: entry.stream });
    }
  }
  for (const together of chunks([...first], PAGE)) {
    const keys = together.map(([key]) => key);
    const parked = await tenure.parked.among(keys);
    const waiting = together.flatMap(([key, { index, stream }]): ParkedKey[] => {
      const known = parked.get(key);
      if (known !== undefined && known.index <= index) return [];
      return [{ projection: tenure.id, key, index, stream, reason: known?.reason ?? HELD_BY_STREAM }];
    });
    lease.assertHeld();
    await tenure.parked.park(waiting);
    tenure.documents.forget(keys);
  }
  const moved = streams.flatMap(({ entry, failed }) =>
    failed && failed.index > entry.index ? [failed] : [],
  );
  const free = streams.filter(({ failed }) => failed === undefined).map(({ entry }) => entry.key);
  lease.assertHeld();
  await tenure.parked.park(moved);
  lease.assertHeld();
  await tenure.parked.unpark(free);
  for (const entry of moved) events.parked?.(entry);
  for (const key of free) events.unparked?.(tenure.id, key);
}

/** @returns what keeps a document waiting still, by key */
async function comeBack(
  tenure: Tenure,
  streams: readonly ReturningStream[],
): Promise<ReadonlyMap<string, ParkedKey>> {
  const waiting = new Map<string, ParkedKey>();
  const keys = new Set(streams.flatMap(({ missing }) => [...missing.keys()]));
  for (const together of chunks([...keys], KEYS_TOGETHER)) {
    for (const [key, result] of await unparkKeys(tenure, together)) {
      if (result.status === 'parked') waiting.set(key, result.entry);
    }
  }
  return waiting;
}
