import { scalarReader } from '../query/fieldPath.ts';
import { compareScalars } from '../query/scalarOrder.ts';
import type { DocumentBody, Scalar, ViewCollection } from '../viewStore.ts';
import type { CountDeclaration, CountedGroup, CountedSum, ViewCounts } from './viewCounts.ts';

/** Of one count. Each is saved with every checkpoint. */
export const MOST_GROUPS = 1_000;

/** A value that a count is by is not from a closed vocabulary: counts would grow as documents do. */
export class TooManyGroups extends Error {
  override readonly name = 'TooManyGroups';

  constructor(by: readonly string[]) {
    super(`a count by ${by.join(', ')} has more than ${MOST_GROUPS} groups`);
  }
}

/** A sum of fractions would depend on the order of its events in the last digits. */
export class NoWholeNumber extends TypeError {
  override readonly name = 'NoWholeNumber';
}

/**
 * The declared counts of a projection, kept by its owner from what each document was before and is after an event. They
 * equal the counts over the documents that are committed with the batch.
 */
export class Counters {
  private readonly counters: readonly Counter[];

  constructor(declared: readonly CountDeclaration[]) {
    this.counters = declared.map((count) => new Counter(count));
  }

  /** Counts what is stored, once: nobody may write meanwhile. */
  static async over(
    collection: Pick<ViewCollection, 'aggregate'>,
    declared: readonly CountDeclaration[],
  ): Promise<Counters> {
    const counts: (readonly CountedGroup[])[] = [];
    for (const { by, sum = [] } of declared) {
      const rows = await collection.aggregate({ by, measure: sum });
      counts.push(
        rows.map(({ group, count, measures }) => ({
          values: by.map((path) => group[path]!),
          count,
          sums: sum.map((path) => ({ n: measures[path]!.n, sum: measures[path]!.sum })),
        })),
      );
    }
    return Counters.from(counts, declared);
  }

  static from(counts: ViewCounts, declared: readonly CountDeclaration[]): Counters {
    const counters = new Counters(declared);
    counters.counters.forEach((counter, n) => counter.fill(counts[n] ?? []));
    return counters;
  }

  /**
   * A document was `before` and is `after`; null where there is none.
   *
   * @throws TooManyGroups, NoWholeNumber; nothing is counted then
   */
  move(before: DocumentBody | null, after: DocumentBody | null): void {
    for (const counter of this.counters) counter.assertRoom(after);
    this.correct(before, after);
  }

  /** A document was counted as `before` and is `after`: what has room once is given it back. */
  correct(before: DocumentBody | null, after: DocumentBody | null): void {
    for (const counter of this.counters) counter.move(before, after);
  }

  /** As they are now; a later move leaves them alone. */
  get counts(): ViewCounts {
    return this.counters.map((counter) => counter.groups());
  }
}

interface Group {
  readonly values: readonly Scalar[];
  count: number;
  readonly sums: { n: number; sum: number }[];
}

class Counter {
  private readonly byName = new Map<string, Group>();
  private readonly values: readonly ((body: DocumentBody) => Scalar)[];
  private readonly summed: readonly ((body: DocumentBody) => Scalar)[];

  constructor(private readonly declared: CountDeclaration) {
    this.values = declared.by.map(scalarReader);
    this.summed = (declared.sum ?? []).map(scalarReader);
  }

  fill(groups: readonly CountedGroup[]): void {
    for (const { values, count, sums } of groups) {
      this.byName.set(nameOf(values), { values, count, sums: sums.map((sum) => ({ ...sum })) });
    }
  }

  assertRoom(body: DocumentBody | null): void {
    if (body === null) return;
    for (const read of this.summed) {
      const value = read(body);
      if (typeof value === 'number' && !Number.isSafeInteger(value)) {
        throw new NoWholeNumber(`sums beside a count by ${this.declared.by.join(', ')} are of whole numbers`);
      }
    }
    if (this.byName.size < MOST_GROUPS) return;
    if (!this.byName.has(nameOf(this.valuesOf(body)))) throw new TooManyGroups(this.declared.by);
  }

  move(before: DocumentBody | null, after: DocumentBody | null): void {
    if (before !== null && after !== null && this.countsAlike(before, after)) return;
    if (before !== null) this.add(before, -1);
    if (after !== null) this.add(after, 1);
  }

  /** Most changes of a document change nothing that is counted. */
  private countsAlike(before: DocumentBody, after: DocumentBody): boolean {
    return [this.values, this.summed].every((readers) =>
      readers.every((read) => read(before) === read(after)),
    );
  }

  groups(): readonly CountedGroup[] {
    return [...this.byName.values()]
      .map(({ values, count, sums }) => ({
        values,
        count,
        sums: sums.map((sum): CountedSum => ({ ...sum })),
      }))
      .sort((a, b) => compareAll(a.values, b.values));
  }

  private add(body: DocumentBody, by: 1 | -1): void {
    const values = this.valuesOf(body);
    const name = nameOf(values);
    let group = this.byName.get(name);
    if (group === undefined) {
      group = { values, count: 0, sums: this.summed.map(() => ({ n: 0, sum: 0 })) };
      this.byName.set(name, group);
    }
    group.count += by;
    for (const [n, read] of this.summed.entries()) {
      const value = read(body);
      if (typeof value !== 'number') continue;
      group.sums[n]!.n += by;
      group.sums[n]!.sum += by * value;
    }
    if (group.count === 0) this.byName.delete(name);
  }

  private valuesOf(body: DocumentBody): readonly Scalar[] {
    return this.values.map((read) => read(body));
  }
}

function nameOf(values: readonly Scalar[]): string {
  return JSON.stringify(values);
}

function compareAll(a: readonly Scalar[], b: readonly Scalar[]): number {
  for (const [n, value] of a.entries()) {
    const order = compareScalars(value, b[n]!);
    if (order !== 0) return order;
  }
  return 0;
}
