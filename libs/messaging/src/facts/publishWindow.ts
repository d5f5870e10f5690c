/** Where the facts stream ends, as it was read from it. */
export interface StreamEnd {
  /** Sequence of the last message, 0 in a new stream. */
  readonly sequence: number;
}

/** What the server answers to a publish. */
export type Acknowledgement =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** An expectation did not hold, or the stream could not store: nothing was stored. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What must hold for the next message to be stored. */
export interface NextPublish {
  readonly lastSequence: number;
  readonly lastId: string | undefined;
}

export interface WindowLimits {
  /** Messages on their way at most. */
  readonly messages: number;
  /** Bytes on their way at most; a single message may be larger. */
  readonly bytes: number;
}

/**
 * The publishing side of the relay's protocol, pure: what was read, what is on its way, what is known to be stored.
 *
 * Invariant: the message of sequence n is only ever published with "the last sequence is n − 1" and, but for the
 * first, "the last id is that of n − 1". So whoever acknowledges n has stored all before it as well, in order; an
 * acknowledgement that is lost, late or doubled can tell nothing wrong, and a message that another writer put in
 * between makes the server refuse everything behind it.
 */
export class PublishWindow {
  readonly #sizes: number[] = [];
  #published: number;
  #stored: number;
  #bytes = 0;
  #lastId: string | undefined;
  #ended: string | undefined;
  #refused = false;

  constructor(
    end: StreamEnd,
    private readonly limits: WindowLimits,
  ) {
    this.#published = end.sequence;
    this.#stored = end.sequence;
  }

  /** Last sequence that is known to be stored. */
  get stored(): number {
    return this.#stored;
  }

  get inFlight(): number {
    return this.#published - this.#stored;
  }

  /** Why nothing more may be published before the stream's end is read again; undefined while all is well. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** It ended because the server refused a publish: another relay may have been first. */
  get refused(): boolean {
    return this.#refused;
  }

  get hasRoom(): boolean {
    return (
      this.#ended === undefined && this.inFlight < this.limits.messages && this.#bytes < this.limits.bytes
    );
  }

  /** Takes a message into the window. @throws Error without room, which would be a mistake of the caller */
  publish(id: string, bytes: number): NextPublish {
    if (!this.hasRoom) throw new Error('the window has no room: wait for acknowledgements');
    const next = { lastSequence: this.#published, lastId: this.#lastId };
    this.#published += 1;
    this.#lastId = id;
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    return next;
  }

  /** Takes in an answer. Answers of earlier windows must not come here: each window has an inbox of its own. */
  acknowledge(answer: Acknowledgement): void {
    if (answer.kind === 'refused') {
      this.#refused ||= this.#ended === undefined;
      return this.end(answer.reason);
    }
    // The server knows one of our ids at a place where we did not put it: only the stream itself can tell.
    if (answer.sequence > this.#published) return this.end('a sequence beyond what was published');
    for (; this.#stored < answer.sequence; this.#stored += 1) this.#bytes -= this.#sizes.shift()!;
  }

  /** The first reason counts. */
  end(reason: string): void {
    this.#ended ??= reason;
  }
}
