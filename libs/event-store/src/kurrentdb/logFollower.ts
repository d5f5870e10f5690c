import type { AllStreamResolvedEvent, AllStreamSubscription } from '@kurrent/kurrentdb-client';
import type { Progress, Timers } from '@rapport/platform';
import { BEFORE_FIRST, StoreError } from '../eventStore.ts';
import type { CountedLog } from './countedLog.ts';
import type { KurrentConnection } from './kurrentConnection.ts';
import { storeErrorOf } from './kurrentFailure.ts';
import { loggedEvent, pairOf, positionOf } from './loggedEvent.ts';
import { followedStreams } from './logFilter.ts';

/** Events of a catch-up page: paged reads are ten times as fast as a subscription that catches up. */
const PAGE = 500;

/** An appended event that the subscription has not brought by then, in milliseconds, is fetched. */
const LATE = 250;

/** Pauses between attempts to subscribe again, in milliseconds. */
const PAUSES = [50, 200, 1_000, 3_000];

/**
 * Keeps a CountedLog level with the store: pages while behind, a subscription at the head, both again after every
 * interruption. A subscription of the client never reconnects: one `error`, then silence.
 */
export class LogFollower {
  readonly #stop = new AbortController();
  readonly #waiting = new Set<{
    readonly position: number;
    resolve(): void;
    reject(error: StoreError): void;
  }>();
  #fetching: Promise<void> | undefined;
  #announcing = false;
  #running: Promise<void> | undefined;
  #fault: StoreError | undefined;

  constructor(
    private readonly log: CountedLog,
    private readonly connection: KurrentConnection,
    private readonly timers: Timers,
    private readonly advanced: () => void,
  ) {}

  /** Reads to the end of the log. @throws StoreError, MapDisagrees */
  async catchUp(): Promise<void> {
    for (let from = this.log.resumeFrom; ;) {
      // Reading begins with the event at the position itself, which is known: one more, so that a page brings news.
      const part = await this.connection.readAll({
        filter: followedStreams,
        from: from === BEFORE_FIRST ? 'start' : from,
        count: PAGE,
      });
      for (const event of part) this.#take(event);
      this.#announce();
      if (part.length < PAGE || this.#stop.signal.aborted) break;
      // Not from the log's own place: a page of nothing but metadata leaves that where it was.
      from = positionOf(part.at(-1)!.event!.position);
    }
    // Only here: what was set long ago may have been taken back since.
    if (this.log.fault !== undefined) throw this.log.fault;
  }

  /** @throws StoreError why nothing more can be counted, hence nothing answered */
  assertSound(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** @param head position of the last event in the store: how many lie before it, only counting tells */
  progress(head: number): Progress {
    const { position } = this.log;
    return { position, head, distance: head > position ? 1 : 0 };
  }

  /** Follows from now on, until `stop`. */
  start(): void {
    this.#running = this.#run();
  }

  /**
   * Resolves once everything up to the position was counted.
   *
   * @param timeoutMs `unavailable` after that
   */
  async reach(position: number, timeoutMs: number): Promise<void> {
    this.assertSound();
    if (this.log.position >= position) return;
    const timeUp = new AbortController();
    const cancelTimeUp = this.timers.schedule(timeoutMs, () => timeUp.abort());
    try {
      while (this.log.position < position) {
        await this.#awaitOrFetch(position, timeUp.signal);
        if (timeUp.signal.aborted && this.log.position < position)
          throw new StoreError('unavailable', 'the log could not be read up to its head');
      }
    } finally {
      cancelTimeUp();
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#announceNow();
    const closed = new StoreError('closed', 'the event store is closed');
    for (const { reject } of this.#waiting) reject(closed);
  }

  /** Waits for the subscription for a moment, then fetches what it should have brought. */
  async #awaitOrFetch(position: number, timeUp: AbortSignal): Promise<void> {
    let entry: { readonly position: number; resolve(): void; reject(error: StoreError): void } | undefined;
    let cancel = () => {};
    const arrived = await new Promise<boolean>((resolve, reject) => {
      entry = { position, resolve: () => resolve(true), reject };
      this.#waiting.add(entry);
      cancel = this.timers.schedule(LATE, () => resolve(false));
    }).finally(() => {
      cancel();
      this.#waiting.delete(entry!);
    });
    if (arrived || timeUp.aborted) return;
    this.#fetching ??= this.catchUp().finally(() => (this.#fetching = undefined));
    try {
      await this.#fetching;
    } catch (error) {
      const failure = storeErrorOf(error);
      if (failure.failure !== 'unavailable') throw failure;
    }
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted;) {
      const before = this.log.position;
      try {
        await this.catchUp();
        await this.#subscribe();
      } catch (error) {
        const failure = storeErrorOf(error);
        if (failure.failure !== 'unavailable') return this.#fail(failure);
        if (failures === PAUSES.length)
          process.emitWarning(`KurrentDB cannot be followed: ${failure.message}`);
      }
      failures = this.log.position > before ? 0 : failures + 1;
      await this.#pause(PAUSES[Math.min(failures, PAUSES.length - 1)]!);
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await this.timers.sleep(ms, this.#stop.signal).catch(() => {
      // Told to stop: the caller asks for that itself.
    });
  }

  /** Resolves when the subscription has ended, however: the caller reads on and subscribes again. */
  async #subscribe(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { client } = this.connection;
    const subscription = client.subscribeToAll({
      filter: followedStreams,
      fromPosition: pairOf(this.log.resumeFrom),
      requiresLeader: true,
    });
    let ended = false;
    let stopped = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        stopped = resolve;
        this.#stop.signal.addEventListener('abort', stopped);
        subscription.on('data', (event: AllStreamResolvedEvent) => {
          // A few may still come after the end was asked for.
          if (ended) return;
          try {
            this.#take(event);
            if (this.log.fault !== undefined) throw this.log.fault;
            this.#announce();
          } catch (error) {
            reject(error as Error);
          }
        });
        subscription.on('error', reject);
        subscription.on('end', resolve);
        subscription.on('close', resolve);
      });
    } finally {
      ended = true;
      this.#stop.signal.removeEventListener('abort', stopped);
      leave(subscription);
    }
  }

  #take({ event }: AllStreamResolvedEvent): void {
    if (event === undefined) return;
    if (event.streamId.startsWith('$$')) {
      this.log.takeMetadata(event.streamId, event.data, positionOf(event.position));
    } else {
      this.log.take(loggedEvent(event));
    }
  }

  /** Once a turn: a subscription brings events one by one. */
  #announce(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    setImmediate(() => this.#announceNow());
  }

  #announceNow(): void {
    this.#announcing = false;
    this.log.announce();
    for (const { position, resolve } of this.#waiting) if (this.log.position >= position) resolve();
    this.advanced();
  }

  #fail(failure: StoreError): void {
    this.#fault = failure;
    this.#announceNow();
    for (const { reject } of this.#waiting) reject(failure);
    this.log.recent.end(failure);
  }
}

function leave(subscription: AllStreamSubscription): void {
  // Without a listener an error that comes late would end the process.
  subscription.on('error', () => {});
  subscription.unsubscribe().catch(() => {
    // The call was never made: there is nothing to leave.
  });
}
