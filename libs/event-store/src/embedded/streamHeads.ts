import { textBytes } from '@rapport/platform';
import { LRUCache } from 'lru-cache';

/** Estimated bytes of a remembered head: its places in the index and the lists, beside the stream's name. */
const HEAD_BYTES = 96;

/** The last revisions of streams, so that a busy stream costs no SELECT. Lives in the thread that appends. */
export class StreamHeads {
  readonly #heads: LRUCache<string, number>;

  /** @param maxBytes what they may take */
  constructor(maxBytes: number) {
    this.#heads = new LRUCache({
      maxSize: Math.max(1, maxBytes),
      sizeCalculation: (_revision, stream) => HEAD_BYTES + textBytes(stream),
    });
  }

  /** Estimated. */
  get bytes(): number {
    return this.#heads.calculatedSize;
  }

  get(stream: string): number | undefined {
    return this.#heads.get(stream);
  }

  set(stream: string, revision: number): void {
    this.#heads.set(stream, revision);
  }

  delete(stream: string): void {
    this.#heads.delete(stream);
  }

  clear(): void {
    this.#heads.clear();
  }
}
