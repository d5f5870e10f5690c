import type Database from 'libsql';
import { NO_STREAM, type RevisionConflict, type StreamWrite } from '../eventStore.ts';
import {
  type AppendGroup,
  CONFLICT,
  decodeGroup,
  type GroupAnswer,
  type GroupedAppend,
  ID_ELSEWHERE,
  REPEATED,
} from './appendGroup.ts';
import { RecentIds, REMEMBERED_IDS } from './recentIds.ts';
import { StreamHeads } from './streamHeads.ts';

type Committed = Extract<GroupAnswer, { kind: 'committed' }>;

/**
 * Writes groups of appends, each group in one transaction with one sync. Synchronous; lives in the writer thread.
 *
 * Positions and indexes are handed out here, after an append was found good, so that a refused one burns none.
 * Whatever is remembered (heads, next position, next index) is dropped when a group fails and read again.
 */
export class EventWriter {
  readonly #heads: StreamHeads;
  readonly #insert;
  readonly #headOfStream;
  readonly #headOfStore;
  readonly #idAt;
  readonly #lastIds;
  #next: { position: number; index: number } | undefined;
  #ids: RecentIds | undefined;
  /** What the transaction under way has added to what is remembered. */
  #added: StreamWrite[] = [];

  constructor(
    private readonly db: Database.Database,
    /** What remembered heads may take: a busy stream costs no SELECT. */
    headBytes: number,
  ) {
    this.#heads = new StreamHeads(headBytes);
    this.#insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#headOfStream = db.prepare('SELECT max(revision) FROM events WHERE stream = ?').raw();
    this.#headOfStore = db
      .prepare(
        'SELECT (SELECT max(position) FROM events), (SELECT max(idx) FROM events WHERE idx IS NOT NULL)',
      )
      .raw();
    this.#idAt = db.prepare('SELECT id FROM events WHERE stream = ? AND revision = ?').raw();
    this.#lastIds = db.prepare('SELECT id FROM events ORDER BY position DESC LIMIT ?').raw();
  }

  /**
   * Durable when it returns. On any error nothing of the group is stored, or it is unknown whether it is.
   *
   * First hopefully: a stream that must not exist is not looked up, as (stream, revision) is unique. Where it
   * does exist, the group is undone and written again with every look-up.
   */
  write(group: AppendGroup): Committed {
    try {
      return this.#transact(group, false);
    } catch (error) {
      if (!isNotUnique(error)) throw error;
      return this.#transact(group, true);
    }
  }

  #transact(group: AppendGroup, careful: boolean): Committed {
    const answer: Committed = {
      kind: 'committed',
      firstPositions: new Float64Array(group.appends),
      firstIndexes: new Float64Array(group.appends),
      conflicts: new Map(),
    };
    try {
      // Left open where undoing it failed as well, as on a disk that is gone for a while.
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.db.exec('BEGIN IMMEDIATE');
      this.#next ??= this.#readNext();
      this.#ids ??= this.#readIds();
      let a = 0;
      for (const append of decodeGroup(group)) this.#append(append, a++, answer, careful);
      this.db.exec('COMMIT');
      this.#added = [];
      return answer;
    } catch (error) {
      if (isNotUnique(error)) this.#forgetAdded();
      else this.#forgetAll();
      // SQLite has rolled back by itself after some errors (a full disk, for one).
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  #append(append: GroupedAppend, a: number, answer: Committed, careful: boolean): void {
    const known = append.some(({ events }) => events.some(({ id }) => this.#ids!.has(id)));
    // A known id is a repeat or a fault: which of them, only true heads tell.
    const conflicts = this.#conflicts(append, careful || known);
    if (conflicts === undefined && !known) {
      answer.firstPositions[a] = this.#next!.position;
      answer.firstIndexes[a] = this.#next!.index;
      for (const write of append) this.#store(write);
    } else if (conflicts === undefined) {
      answer.firstPositions[a] = ID_ELSEWHERE;
    } else if (this.#isRepeated(append)) {
      answer.firstPositions[a] = REPEATED;
    } else {
      answer.firstPositions[a] = CONFLICT;
      (answer.conflicts as Map<number, readonly RevisionConflict[]>).set(a, conflicts);
    }
  }

  #store(write: GroupedAppend[number]): void {
    const { stream, expectedRevision, counted, events } = write;
    if (events.length === 0) return;
    this.#added.push(write);
    const next = this.#next!;
    let revision = expectedRevision;
    for (const { id, type, data } of events) {
      revision += 1;
      this.#insert.run([next.position, counted ? next.index : null, stream, revision, id, type, data]);
      this.#ids!.add(id);
      next.position += 1;
      if (counted) next.index += 1;
    }
    this.#heads.set(stream, revision);
  }

  #conflicts(append: GroupedAppend, careful: boolean): RevisionConflict[] | undefined {
    let conflicts: RevisionConflict[] | undefined;
    for (const write of append) {
      const actualRevision = this.#head(write, careful);
      const { stream, expectedRevision } = write;
      if (actualRevision !== expectedRevision)
        (conflicts ??= []).push({ stream, expectedRevision, actualRevision });
    }
    // What was presumed about other streams of the request must not stand in a report: look everything up.
    return conflicts === undefined || careful ? conflicts : this.#conflicts(append, true);
  }

  #head({ stream, expectedRevision, events }: StreamWrite, careful: boolean): number {
    const known = this.#heads.get(stream);
    if (known !== undefined) return known;
    if (!careful && expectedRevision === NO_STREAM && events.length > 0) return NO_STREAM;
    const [head] = this.#headOfStream.get(stream) as [number | null];
    if (head !== null) this.#heads.set(stream, head);
    return head ?? NO_STREAM;
  }

  /** Whether every event of the request stands where the request wants it. */
  #isRepeated(append: GroupedAppend): boolean {
    return (
      append.some(({ events }) => events.length > 0) &&
      append.every(({ stream, expectedRevision, events }) =>
        events.every(({ id }, n) => {
          const stored = this.#idAt.get([stream, expectedRevision + 1 + n]) as [string] | undefined;
          return stored?.[0] === id;
        }),
      )
    );
  }

  #forgetAdded(): void {
    for (const { stream, events } of this.#added) {
      this.#heads.delete(stream);
      for (const { id } of events) this.#ids?.delete(id);
    }
    this.#added = [];
    this.#next = undefined;
  }

  /** It is unknown what was stored. */
  #forgetAll(): void {
    this.#heads.clear();
    this.#ids = undefined;
    this.#added = [];
    this.#next = undefined;
  }

  #readIds(): RecentIds {
    const ids = this.#lastIds.all(REMEMBERED_IDS) as [string][];
    return new RecentIds(ids.reverse().map(([id]) => id));
  }

  #readNext(): { position: number; index: number } {
    const [position, index] = this.#headOfStore.get() as [number | null, number | null];
    return { position: (position ?? -1) + 1, index: (index ?? -1) + 1 };
  }
}

function isNotUnique(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'SQLITE_CONSTRAINT_UNIQUE';
}
