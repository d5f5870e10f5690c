import type { CurrentEvent } from '@rapport/contracts';
import type { CacheShelf } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';
import { emptyFold, foldEvents, type Fold, type FoldedStream } from './foldedStream.ts';

/** Folded streams by revision. Only what the store returned is ever folded in. */
export class StreamCache<State> {
  constructor(
    private readonly ledger: Ledger,
    private readonly decider: Fold<State>,
    private readonly folds: CacheShelf<FoldedStream<State>>,
    /** Keeps also that a stream is empty: only where whoever asks hears of its first event. */
    private readonly keepsEmpty = false,
  ) {}

  get(stream: string): FoldedStream<State> | undefined {
    return this.folds.get(stream);
  }

  /** What is folded of it counts no more: the next who asks reads it anew. */
  forget(stream: string): void {
    this.folds.delete(stream);
  }

  async recall(stream: string): Promise<FoldedStream<State>> {
    return this.folds.get(stream) ?? this.refresh(stream);
  }

  /** Reads what is new and folds it in. */
  async refresh(stream: string): Promise<FoldedStream<State>> {
    const before = this.folds.get(stream) ?? emptyFold(this.decider);
    if (this.decider.lastEventIsState === true) return this.jump(stream, before);
    const events = await this.ledger.readStream(stream, before.revision + 1);
    return this.append(stream, before, events);
  }

  /** From one last event to the next, whatever lies between. */
  private async jump(stream: string, before: FoldedStream<State>): Promise<FoldedStream<State>> {
    const last = await this.ledger.readLast(stream);
    if (last === undefined || last.revision <= before.revision) return this.append(stream, before, []);
    return this.append(stream, { ...emptyFold(this.decider), revision: last.revision - 1 }, [last]);
  }

  /** Folds stored events on top of `before`; keeps whichever fold of the stream is further. */
  append(stream: string, before: FoldedStream<State>, events: readonly CurrentEvent[]): FoldedStream<State> {
    const after = foldEvents(this.decider, before, events);
    const kept = this.folds.get(stream);
    if ((after.revision >= 0 || this.keepsEmpty) && (kept === undefined || kept.revision < after.revision)) {
      this.folds.set(stream, after);
    }
    return after;
  }
}
