import { isUnreadable, type ReadEvent } from '@rapport/contracts';
import type { CacheBudget } from '@rapport/platform';
import { StreamCache } from '../commandHandling/streamCache.ts';
import { foldedStreamBytes, type FoldedStream } from '../commandHandling/foldedStream.ts';
import type { Decider } from '../decider/decider.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** A stream whose fold failed, at which of its events, and the error's name; never its message. */
export interface LostStream {
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
}

/**
 * What a service knows of another context's streams: each read from the ledger when first asked for, and kept up
 * to date by following the log from then on. May be behind by the time that an event takes to arrive, so a
 * decision writes the index of what it used into its event; where it must be exact, the append checks the stream.
 *
 * A stream that cannot be folded on is forgotten, and nothing else: who asks for it reads it anew, and is told why it
 * cannot be used.
 */
export class FollowedStreams<State> {
  private readonly cache: StreamCache<State>;
  /** Streams being read for the first time: the last revision that was followed meanwhile. */
  private readonly reading = new Map<string, { readers: number; followed: number }>();

  constructor(ledger: Ledger, fold: Pick<Decider<State, never>, 'initial' | 'evolve'>, caches: CacheBudget) {
    const evolve: typeof fold.evolve = (state, event) => fold.evolve(state, event);
    const followed = { initial: fold.initial, evolve, remembersCommands: false };
    const folds = caches.shelf<FoldedStream<State>>('followedStreams', foldedStreamBytes);
    this.cache = new StreamCache(ledger, followed, folds, true);
  }

  /**
   * The stream as far as this process knows it; an unknown stream has revision -1.
   *
   * @throws UnreadableStream where it holds an event that this release cannot read
   */
  async get(stream: string): Promise<FoldedStream<State>> {
    return this.cache.get(stream) ?? this.read(stream);
  }

  /** The stream at its head. @throws UnreadableStream as `get` */
  refresh(stream: string): Promise<FoldedStream<State>> {
    return this.read(stream);
  }

  /**
   * Takes in followed events; those of streams that nobody asked for are passed over.
   *
   * @returns the streams that are known no more, since an event of theirs could be read and not folded
   */
  observe(events: readonly ReadEvent[]): readonly LostStream[] {
    const lost: LostStream[] = [];
    for (const event of events) {
      const { stream, revision } = event;
      const read = this.reading.get(stream);
      if (read !== undefined) read.followed = Math.max(read.followed, revision);
      const known = this.cache.get(stream);
      if (known === undefined || revision <= known.revision) continue;
      // After a gap, what lies in it is read by the next who asks.
      if (isUnreadable(event) || revision > known.revision + 1) this.cache.forget(stream);
      else {
        try {
          this.cache.append(stream, known, [event]);
        } catch (error) {
          this.cache.forget(stream);
          lost.push({ stream, revision, reason: error instanceof Error ? error.name : typeof error });
        }
      }
    }
    return lost;
  }

  /**
   * An event recorded after the store answered and followed before the answer arrived would be in neither: the
   * stream would stay behind until its next event. So it is read again up to what was followed, and where that fails,
   * nothing of it is kept.
   */
  private async read(stream: string): Promise<FoldedStream<State>> {
    const read = this.reading.get(stream) ?? { readers: 0, followed: -1 };
    this.reading.set(stream, read);
    read.readers += 1;
    try {
      let folded = await this.cache.refresh(stream);
      while (folded.revision < read.followed) folded = await this.cache.refresh(stream);
      return folded;
    } catch (error) {
      this.cache.forget(stream);
      throw error;
    } finally {
      read.readers -= 1;
      if (read.readers === 0) this.reading.delete(stream);
    }
  }
}
