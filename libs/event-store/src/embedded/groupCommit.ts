import { Backlog, type BacklogLimits } from '@rapport/platform';
import { idStoredElsewhere } from '../appending/appendRequest.ts';
import { type AppendResult, type StoredEvent, StoreError, type StreamWrite } from '../eventStore.ts';
import { CONFLICT, type GroupAnswer, ID_ELSEWHERE, REPEATED } from './appendGroup.ts';
import { encodeAppends } from './encodeAppends.ts';
import { storedEvents } from './storedEvents.ts';
import type { WriterThread } from './writerThread.ts';

/** Bounds of one group, so that a flood is neither one endless transaction nor one giant message. */
const GROUP_APPENDS = 2_048;
const GROUP_BYTES = 16 * 1024 * 1024;

/** What may wait for its group: two of them, while one is under way. */
const WAITING: BacklogLimits = { limit: 2 * GROUP_APPENDS, bytes: 2 * GROUP_BYTES };

interface Waiting {
  readonly writes: readonly StreamWrite[];
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: StoreError) => void;
}

export interface GroupCommitListener {
  /** Events that became durable, in store order. */
  committed(events: readonly StoredEvent[]): void;
  /** It is unknown what was stored. */
  uncertain(): void;
  /** The stored events of a repeated append. */
  stored(writes: readonly StreamWrite[]): readonly StoredEvent[];
}

/**
 * Group commit: one group is under way in the writer thread; what arrives meanwhile is the next group. Each
 * append is answered after the COMMIT of its group, hence after one sync that the whole group shares.
 *
 * When a group fails, all that was queued behind it fails too: it was decided on the state that the group would
 * have made.
 */
export class GroupCommit {
  /** What waits for its group. */
  readonly backlog: Backlog;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(
    private readonly writer: WriterThread,
    private readonly listener: GroupCommitListener,
    limits = WAITING,
  ) {
    this.backlog = new Backlog('appends', limits);
  }

  /**
   * Takes the request over: nobody may change its bytes any more.
   *
   * @throws StoreError `overloaded` where no more may wait
   */
  append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      let bytes = 0;
      for (const { events } of writes) for (const { data } of events) bytes += data.byteLength;
      if (!this.backlog.enter(bytes)) {
        reject(new StoreError('overloaded', 'too much waits to be stored already: repeat it after a moment'));
        return;
      }
      this.#queue.push({ writes, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing is queued or under way. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // The first group is all that arrives in this turn of the event loop.
    await new Promise(setImmediate);
    try {
      while (this.#queue.length > 0) await this.#commit(this.#take());
    } finally {
      this.#running = undefined;
    }
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const answer = await this.writer.write(encodeAppends(group.map(({ writes }) => writes)));
      if (answer.kind === 'committed') this.#settle(group, answer);
      else this.#fail(group, new StoreError(answer.failure, answer.message));
    } catch (error) {
      // A defect of ours, before or after the COMMIT: it is told, and nobody waits for an answer that never comes.
      const message = `a group of appends could not be settled (${error instanceof Error ? error.name : typeof error})`;
      process.emitWarning(message);
      this.#fail(group, new StoreError('unavailable', message, { cause: error }));
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && count < GROUP_APPENDS) {
      bytes += this.#queue[count]!.bytes;
      if (bytes > GROUP_BYTES && count > 0) break;
      count += 1;
    }
    return this.#leave(count);
  }

  /** Takes the first ones out of the queue. */
  #leave(count: number): Waiting[] {
    const first = count === this.#queue.length ? this.#queue : this.#queue.slice(0, count);
    this.#queue = first === this.#queue ? [] : this.#queue.slice(count);
    for (const { bytes } of first) this.backlog.leave(bytes);
    return first;
  }

  #settle(group: readonly Waiting[], answer: Extract<GroupAnswer, { kind: 'committed' }>): void {
    const { firstPositions, firstIndexes, conflicts } = answer;
    const committed: StoredEvent[] = [];
    const results = group.map(({ writes }, a): AppendResult | undefined => {
      if (firstPositions[a]! < 0) return undefined;
      const events = storedEvents(writes, firstPositions[a]!, firstIndexes[a]!);
      for (const event of events) committed.push(event);
      return { status: 'appended', events };
    });
    this.listener.committed(committed);
    group.forEach((waiting, a) => {
      const result = results[a];
      if (result !== undefined) return waiting.resolve(result);
      switch (firstPositions[a]) {
        case CONFLICT:
          return waiting.resolve({ status: 'conflict', conflicts: conflicts.get(a)! });
        case ID_ELSEWHERE:
          return waiting.reject(idStoredElsewhere());
        case REPEATED:
          return this.#answerRepeated(waiting);
        default:
          return waiting.reject(new StoreError('unavailable', 'the writer gave an answer that is not known'));
      }
    });
  }

  #answerRepeated({ writes, resolve, reject }: Waiting): void {
    try {
      resolve({ status: 'appended', events: this.listener.stored(writes) });
    } catch (error) {
      reject(error as StoreError);
    }
  }

  #fail(group: readonly Waiting[], error: StoreError): void {
    const queued = this.#leave(this.#queue.length);
    for (const { reject } of group) reject(error);
    const message = `an append before this one failed, which this one was decided on: ${error.message}`;
    for (const { reject } of queued) reject(new StoreError(error.failure, message));
    // Whoever was refused runs after this turn; should this throw, nobody is left waiting.
    this.listener.uncertain();
  }
}
