import type { RecordedEvent } from '@rapport/contracts';
import { StreamCache } from '../commandHandling/streamCache.ts';
import type { FoldedStream } from '../commandHandling/foldedStream.ts';
import type { Decider } from '../decider/decider.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Upcasters } from '../upcasting/upcasters.ts';

/**
 * What a service knows of another context's streams: each read from the ledger when first asked for, and kept up
 * to date by following the log from then on. May be behind by the time that an event takes to arrive, so a
 * decision writes the index of what it used into its event; where it must be exact, the append checks the stream.
 */
export class FollowedStreams<State> {
  private readonly cache: StreamCache<State>;
  /** Streams being read for the first time: the last revision that was followed meanwhile. */
  private readonly reading = new Map<string, { readers: number; followed: number }>();

  constructor(
    ledger: Ledger,
    upcasters: Upcasters,
    fold: Pick<Decider<State, never>, 'initial' | 'evolve'>,
    size = 50_000,
  ) {
    const evolve: typeof fold.evolve = (state, event) => fold.evolve(state, event);
    const followed = { initial: fold.initial, evolve, remembersCommands: false };
    this.cache = new StreamCache(ledger, upcasters, followed, size, true);
  }

  /** The stream as far as this process knows it; an unknown stream has revision -1. */
  async get(stream: string): Promise<FoldedStream<State>> {
    return this.cache.get(stream) ?? this.read(stream);
  }

  /** The stream at its head. */
  refresh(stream: string): Promise<FoldedStream<State>> {
    return this.cache.refresh(stream);
  }

  /** Takes in followed events; those of streams that nobody asked for are passed over. */
  async observe(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const known = this.cache.get(event.stream);
      if (known === undefined) {
        const read = this.reading.get(event.stream);
        if (read !== undefined) read.followed = Math.max(read.followed, event.revision);
        continue;
      }
      if (event.revision <= known.revision) continue;
      if (event.revision === known.revision + 1) this.cache.append(event.stream, known, [event]);
      else await this.cache.refresh(event.stream);
    }
  }

  /**
   * An event recorded after the store answered and followed before the answer arrived would be in neither: the
   * stream would stay behind until its next event. So it is read again up to what was followed.
   */
  private async read(stream: string): Promise<FoldedStream<State>> {
    const read = this.reading.get(stream) ?? { readers: 0, followed: -1 };
    this.reading.set(stream, read);
    read.readers += 1;
    try {
      let folded = await this.cache.refresh(stream);
      while (folded.revision < read.followed) folded = await this.cache.refresh(stream);
      return folded;
    } finally {
      read.readers -= 1;
      if (read.readers === 0) this.reading.delete(stream);
    }
  }
}
