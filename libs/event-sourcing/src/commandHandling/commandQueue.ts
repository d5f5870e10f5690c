import { Backlog, notBegun, overloaded, type Wanted } from '@rapport/platform';

/** What may wait for one stream: fewer than are at work at once, so that one stream does not keep all others waiting. */
const PER_STREAM = 128;

/** What may wait for streams in one process. */
const IN_ALL = 4_096;

/** The backlog of a process: one for all its command handlers. */
export function streamBacklog(limit = IN_ALL): Backlog {
  return new Backlog('streams', { limit });
}

/**
 * Commands on one stream one after the other, those on different streams side by side. No more may wait than fit; a
 * command that nobody waits for any more at its turn is not begun.
 */
export class CommandQueue {
  private readonly streams = new Map<string, { last: Promise<unknown>; waiting: number }>();

  constructor(
    private readonly backlog: Backlog,
    private readonly perStream = PER_STREAM,
  ) {}

  /** @throws Problem `unavailable` where too much waits, or nobody waits for it at its turn */
  async run<T>(stream: string, wanted: Wanted | undefined, command: () => Promise<T>): Promise<T> {
    const before = this.streams.get(stream);
    if (before === undefined) return this.follow(stream, { last: command(), waiting: 0 });
    if (before.waiting >= this.perStream) {
      this.backlog.refuse();
      throw overloaded('one record');
    }
    if (!this.backlog.enter()) throw overloaded(this.backlog.name);
    before.waiting += 1;
    const turn = (): Promise<T> => {
      before.waiting -= 1;
      this.backlog.leave();
      if (wanted?.() !== false) return command();
      this.backlog.abandon();
      throw notBegun('one record');
    };
    before.last = before.last.then(turn, turn);
    return this.follow(stream, before);
  }

  private follow<T>(stream: string, queue: { last: Promise<unknown>; waiting: number }): Promise<T> {
    const { last } = queue;
    this.streams.set(stream, queue);
    const settle = (): void => {
      if (queue.last === last) this.streams.delete(stream);
    };
    last.then(settle, settle);
    return last as Promise<T>;
  }
}
