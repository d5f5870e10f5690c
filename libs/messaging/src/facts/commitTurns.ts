/** What the server answers to a publish or to the commit of a batch. */
export type Acknowledgement =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** An expectation did not hold, or the stream could not store: nothing was stored. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A message to be sent now. */
export interface Outgoing<Item> {
  readonly item: Item;
  /** Sequence that must be the stream's last when this is stored; only on the first message of a batch. */
  readonly lastSequence: number | undefined;
  /** Absent for a message that is published alone. */
  readonly batch: { readonly number: number; readonly place: number; readonly commit: boolean } | undefined;
}

export interface BatchLimits {
  /** Messages of a batch at most; the server takes no more than 1,000. */
  readonly messages: number;
  /** Bytes of a batch at which it is full; its last message may go beyond. */
  readonly bytes: number;
}

interface OpenBatch<Item> {
  readonly number: number;
  /** Messages, with the one that is held back. */
  count: number;
  bytes: number;
  /** Sent last, as the commit. */
  held: Item;
}

/**
 * The publishing side of the relay's protocol, pure: atomic batches, one commit on its way at a time.
 *
 * Invariant: a commit is sent only when everything before it is known to be stored: read from the stream's end, or
 * acknowledged. It names the last sequence that must stand before it, and the server stores the whole batch behind
 * that one, or nothing. So a message that another writer puts anywhere makes the server refuse; an acknowledgement
 * that is lost, late or doubled can tell nothing wrong; whoever publishes the same from the same end is refused.
 *
 * Messages of the next batch travel meanwhile, all but the last one, without which nothing of them is stored.
 */
export class CommitTurns<Item> {
  #stored: number;
  /** Last sequence of what was committed and is not yet acknowledged; `#stored` where nothing is. */
  #committed: number;
  #open: OpenBatch<Item> | undefined;
  #batches = 0;
  #ended: string | undefined;
  #refused = false;

  /** @param end sequence of the stream's last message, 0 in a new stream */
  constructor(
    end: number,
    private readonly limits: BatchLimits,
  ) {
    this.#stored = end;
    this.#committed = end;
  }

  /** Last sequence that is known to be stored. */
  get stored(): number {
    return this.#stored;
  }

  /** Messages that were added and are not known to be stored. */
  get inFlight(): number {
    return this.#committed - this.#stored + (this.#open?.count ?? 0);
  }

  /** Why nothing more may be published before the stream's end is read again; undefined while all is well. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** It ended because the server refused: another relay may have been first. */
  get refused(): boolean {
    return this.#refused;
  }

  get hasRoom(): boolean {
    const { messages, bytes } = this.limits;
    return (
      this.#ended === undefined && (this.#open?.count ?? 0) < messages && (this.#open?.bytes ?? 0) < bytes
    );
  }

  /** Takes a message. @returns what to send now @throws Error without room: a mistake of the caller */
  add(item: Item, bytes: number): readonly Outgoing<Item>[] {
    if (!this.hasRoom) throw new Error('the batch is full: wait for its turn');
    if (this.#open === undefined) {
      this.#open = { number: (this.#batches += 1), count: 1, bytes, held: item };
      return this.#commitInTurn();
    }
    const sent = this.#outgoing(this.#open, false);
    this.#open.count += 1;
    this.#open.bytes += bytes;
    this.#open.held = item;
    return [sent];
  }

  /** Takes in an answer; those to earlier turns of the same stream's end change nothing. @returns what to send now */
  acknowledge(answer: Acknowledgement): readonly Outgoing<Item>[] {
    if (this.#ended !== undefined) return [];
    if (answer.kind === 'refused') {
      this.#refused = true;
      this.end(answer.reason);
      return [];
    }
    if (answer.sequence <= this.#stored) return [];
    // The server knows our ids at a place where we did not put them: only the stream itself can tell.
    if (answer.sequence !== this.#committed) {
      this.end(`sequence ${answer.sequence} was acknowledged, not ${this.#committed}`);
      return [];
    }
    this.#stored = answer.sequence;
    return this.#commitInTurn();
  }

  /** The first reason counts. */
  end(reason: string): void {
    this.#ended ??= reason;
  }

  #commitInTurn(): readonly Outgoing<Item>[] {
    if (this.#open === undefined || this.#committed !== this.#stored) return [];
    const last = this.#outgoing(this.#open, true);
    this.#committed += this.#open.count;
    this.#open = undefined;
    return [last];
  }

  #outgoing({ number, count, held }: OpenBatch<Item>, commit: boolean): Outgoing<Item> {
    // Nothing else is committed before this batch, so that it begins behind what is on its way now.
    const lastSequence = count === 1 ? this.#committed : undefined;
    const batch = commit && count === 1 ? undefined : { number, place: count, commit };
    return { item: held, lastSequence, batch };
  }
}
