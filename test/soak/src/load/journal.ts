import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Role } from '@rapport/contracts';
import type { Effect } from '../mix/request.ts';

/** A command as it ended, of which the log must hold exactly what was answered. */
export interface JournalEntry {
  readonly kind: string;
  readonly role: Role;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** The last answer's. */
  readonly status: number;
  /** Of the answer. */
  readonly id?: string;
  readonly effect?: Effect;
  /** How often it was sent. */
  readonly tries: number;
}

/** Everything that was commanded, in a file: an hour of it would not fit beside the product in memory. */
export class Journal {
  private readonly file: WriteStream;
  /** Entries so far. */
  count = 0;

  constructor(private readonly path: string) {
    this.file = createWriteStream(path);
  }

  add(entry: JournalEntry): void {
    this.count += 1;
    this.file.write(`${JSON.stringify(entry)}\n`);
  }

  /** Resolves when all of it is written. */
  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.file.once('error', reject);
      this.file.end(resolve);
    });
  }

  async *entries(): AsyncGenerator<JournalEntry, void, undefined> {
    for await (const line of createInterface({ input: createReadStream(this.path) })) {
      yield JSON.parse(line) as JournalEntry;
    }
  }
}
