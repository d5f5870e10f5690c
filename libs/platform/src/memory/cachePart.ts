/**
 * An equal part of a cache's bytes, for those who decide themselves what they drop: they say what they hold and drop
 * until it is no more than `limit`. The parts of one cache divide its bytes; one more makes the others smaller.
 */
export class CachePart {
  /** Estimated bytes held now. */
  bytes = 0;

  constructor(private readonly pool: { readonly maxBytes: number; readonly parts: Set<CachePart> }) {
    pool.parts.add(this);
  }

  /** Bytes that may be held now. */
  get limit(): number {
    return Math.floor(this.pool.maxBytes / this.pool.parts.size);
  }

  /** Gives it back: nothing is held any more. */
  close(): void {
    this.bytes = 0;
    this.pool.parts.delete(this);
  }
}
