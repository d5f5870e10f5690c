import { type EventStore, type FollowOptions, type StoredEvent, StoreError } from '../eventStore.ts';
import { followLog, type ReadPage } from './followLog.ts';
import { RecentEvents, type Room } from './recentEvents.ts';

/** Nobody is served from memory before the first event that this pass has seen. */
const NOTHING_SEEN = Number.POSITIVE_INFINITY;

/**
 * One live pass over a log for everyone who follows it in this process: where following costs something (another
 * process, another machine), it is paid once. Who is behind reads pages until it is level.
 *
 * Begins with the first follower and goes on until `close`. When it fails, everyone who follows is told; whoever
 * follows again begins a new pass.
 */
export class SharedTail {
  #recent: RecentEvents | undefined;
  readonly #stop = new AbortController();

  constructor(
    private readonly source: Pick<EventStore, 'head' | 'follow'>,
    private readonly read: ReadPage,
    /** For the newest events; each pass begins with nothing in it. */
    private readonly room: Room,
  ) {}

  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    return followLog(this.#pass(), this.read, options);
  }

  /** Everyone who follows ends. */
  close(): void {
    this.#stop.abort();
    this.#recent?.end();
  }

  #pass(): RecentEvents {
    if (this.#recent !== undefined && (!this.#recent.ended || this.#stop.signal.aborted)) return this.#recent;
    const recent = new RecentEvents(this.room, NOTHING_SEEN);
    this.#recent = recent;
    if (this.#stop.signal.aborted) recent.end();
    else void this.#run(recent);
    return recent;
  }

  async #run(recent: RecentEvents): Promise<void> {
    const { signal } = this.#stop;
    try {
      const { position } = await this.source.head();
      recent.begin(position);
      for await (const events of this.source.follow({ after: position, signal })) recent.add(events);
      recent.end();
    } catch (error) {
      const failure = 'the log cannot be followed any more';
      recent.end(
        error instanceof StoreError ? error : new StoreError('unavailable', failure, { cause: error }),
      );
    }
  }
}
