/**
 * A small number for each of the first entries of a line: what was worked out about the time before the entry, under the
 * key that it depends on. It rests on nothing that counts only from the entry's instant on, so it stays true for the
 * same entry whatever is added after it.
 */
export class EntryNotes {
  private noted = 0;

  constructor(
    private key = '',
    private bytes = new Uint8Array(8),
  ) {}

  get length(): number {
    return this.noted;
  }

  at(n: number): number {
    return this.bytes[n]!;
  }

  /** @param note 0 to 255 */
  push(note: number): void {
    if (this.noted === this.bytes.length) {
      const larger = new Uint8Array(2 * this.noted);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.noted] = note;
    this.noted += 1;
  }

  /** Notes that were made under another key say nothing any more. */
  under(key: string): this {
    if (key !== this.key) {
      this.key = key;
      this.noted = 0;
    }
    return this;
  }

  /** Those on the first n entries. */
  first(n: number): EntryNotes {
    const kept = Math.min(n, this.noted);
    const copy = new EntryNotes(this.key, new Uint8Array(Math.max(8, kept)));
    copy.bytes.set(this.bytes.subarray(0, kept));
    copy.noted = kept;
    return copy;
  }
}
