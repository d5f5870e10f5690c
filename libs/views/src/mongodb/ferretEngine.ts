import { scalarAt } from '../query/fieldPath.ts';
import type { AggregateQuery, AggregateRow, DocumentWrite, Scalar } from '../viewStore.ts';
import { aggregateRows } from './aggregation.ts';
import type { DocumentEngine, Documents } from './documentEngine.ts';
import { insertNew } from './insertNew.ts';
import { mongoFilter } from './mongoFilter.ts';
import { changeTo, guardedDocument, isThoughtNew, storedDocument } from './storedDocument.ts';
import type { StoredDocument } from './storedDocument.ts';

/** Requests at once: FerretDB answers those of one connection one after the other. */
const LANES = 4;
/** Beyond so many documents per wanted one, a lookup each is faster than reading all of them. */
const WORTH_SCANNING = 8;
/** Documents in one answer of a cursor. */
const READ_TOGETHER = 1_000;

/**
 * FerretDB 1.24, which stands in for MongoDB where there is none (docs/decisions/0022). It looks a document up by its
 * `_id` only where the filter holds that and nothing else; every other filter reads the whole collection. So the index
 * guard is a look before the write instead of a part of it: right while one process writes, which the lease sees to,
 * and no compare-and-set. It knows neither $min nor $cond, so what MongoDB aggregates is added up here.
 */
export class FerretEngine implements DocumentEngine {
  /** Documents in a collection as last counted, and what was inserted since. */
  private readonly sizes = new Map<string, number>();

  /** None: no query of FerretDB uses them, every write pays for them, and dropping one has its connection die. */
  async prepare(): Promise<void> {}

  load(documents: Documents, keys: readonly string[]): Promise<StoredDocument[]> {
    return this.lookUp(documents, keys, {});
  }

  async write(documents: Documents, writes: readonly DocumentWrite[]): Promise<number> {
    const fresh = writes.filter(isThoughtNew).map(storedDocument);
    const known = writes.filter((write) => !isThoughtNew(write)).map(guardedDocument);
    const present = await this.insert(documents, fresh);
    const guarded = [...known, ...present.map((document) => ({ document, refolded: false }))];
    if (guarded.length === 0) return fresh.length;

    const keys = guarded.map(({ document }) => document._id);
    const stored = new Map(
      (await this.lookUp(documents, keys, { projection: { n: 1 } })).map(({ _id, n }) => [_id, n]),
    );
    const absent = guarded.map(({ document }) => document).filter(({ _id }) => !stored.has(_id));
    const lower = guarded
      .filter(({ document: { _id, n }, refolded }) => {
        const there = stored.get(_id);
        return there !== undefined && (refolded ? there <= n : there < n);
      })
      .map(({ document }) => document);
    const fenced = await this.insert(documents, absent);
    await inLanes(lower, (lane) =>
      // updateMany although `_id` is one: updateOne keeps a connection to SQLite per operation until the whole bulk is
      // answered, of which there are 100, and then hangs for ever.
      documents.bulkWrite(
        lane.map((document) => ({
          updateMany: { filter: { _id: document._id }, update: changeTo(document) },
        })),
        { ordered: false },
      ),
    );
    return fresh.length - present.length + absent.length - fenced.length + lower.length;
  }

  async aggregate(documents: Documents, query: AggregateQuery): Promise<AggregateRow[]> {
    const { filter = {}, by, measure } = query;
    const groups = new Map<
      string,
      { _id: Record<string, Scalar>; count: number; [figure: string]: unknown }
    >();
    for await (const { body } of documents.find(mongoFilter(filter), { batchSize: READ_TOGETHER })) {
      const values = by.map((path) => scalarAt(body, path));
      const name = JSON.stringify(values);
      const _id = Object.fromEntries(values.map((value, i) => [`g${i}`, value]));
      const group = groups.get(name) ?? { _id, count: 0 };
      groups.set(name, group);
      group.count += 1;
      for (const [i, path] of measure.entries()) {
        const value = scalarAt(body, path);
        if (typeof value !== 'number') continue;
        const figure = (is: string, begin: number): number =>
          (group[`${is}${i}`] as number | undefined) ?? begin;
        group[`n${i}`] = figure('n', 0) + 1;
        group[`sum${i}`] = figure('sum', 0) + value;
        group[`min${i}`] = Math.min(figure('min', value), value);
        group[`max${i}`] = Math.max(figure('max', value), value);
      }
    }
    return aggregateRows([...groups.values()], query);
  }

  /** Of a collection that was emptied or dropped: count it anew. */
  forget(name: string): void {
    this.sizes.delete(name);
  }

  private async lookUp(
    documents: Documents,
    keys: readonly string[],
    parts: { readonly projection?: { readonly n: 1 } },
  ): Promise<StoredDocument[]> {
    const size = await this.sizeOf(documents);
    if (keys.length === 0 || size === 0) return [];
    if (size <= keys.length * WORTH_SCANNING) {
      const wanted = new Set(keys);
      const all = await documents.find({}, { ...parts, batchSize: READ_TOGETHER }).toArray();
      return all.filter(({ _id }) => wanted.has(_id));
    }
    const found = await inLanes(keys, async (lane) => {
      const here: (StoredDocument | null)[] = [];
      for (const key of lane) here.push(await documents.findOne({ _id: key }, parts));
      return here;
    });
    return found.flat().filter((document) => document !== null);
  }

  private async insert(documents: Documents, fresh: readonly StoredDocument[]): Promise<StoredDocument[]> {
    const present = await insertNew(documents, fresh);
    const size = this.sizes.get(documents.collectionName);
    if (size !== undefined) this.sizes.set(documents.collectionName, size + fresh.length - present.length);
    return present;
  }

  private async sizeOf(documents: Documents): Promise<number> {
    const name = documents.collectionName;
    const known = this.sizes.get(name);
    // Empty is asked again: another process may fill it.
    if (known !== undefined && known > 0) return known;
    const counted = await documents.countDocuments({});
    this.sizes.set(name, counted);
    return counted;
  }
}

/** Splits work into a few lanes that run at once. */
function inLanes<T, R>(items: readonly T[], work: (lane: readonly T[]) => Promise<R>): Promise<R[]> {
  const length = Math.ceil(items.length / LANES);
  const lanes: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += length) lanes.push(items.slice(at, at + length));
  return Promise.all(lanes.map(work));
}
