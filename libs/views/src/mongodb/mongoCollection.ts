import { assertAggregate, assertFilter, assertQuery } from '../query/assertQuery.ts';
import { cursorOf } from '../query/cursorOf.ts';
import type {
  AggregateQuery,
  AggregateRow,
  DocumentBody,
  DocumentWrite,
  ViewCollection,
  ViewDefinition,
  ViewDocument,
  ViewFilter,
  ViewPage,
  ViewQuery,
  WriteReport,
} from '../viewStore.ts';
import type { Documents } from './documentEngine.ts';
import type { MongoAccess } from './mongoAccess.ts';
import { mongoFilter } from './mongoFilter.ts';
import { pageRanges } from './pageRanges.ts';
import { viewDocument } from './storedDocument.ts';

type Stored = ViewDocument<DocumentBody | null>;
type Live = ViewDocument<DocumentBody>;

const SCAN_PAGE = 1_000;
const CLEARED_AT_ONCE = 1_000;

/** One version of a view as a collection of MongoDB. */
export class MongoCollection implements ViewCollection {
  private readonly documents: Documents;

  /** @param name of the collection in the database */
  constructor(
    readonly definition: ViewDefinition,
    name: string,
    private readonly access: MongoAccess,
  ) {
    this.documents = access.db.collection(name);
  }

  load(keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    return this.access.run(async () => {
      const found = await this.access.engine.load(this.documents, keys);
      return new Map(found.map((document) => [document._id, viewDocument(document)]));
    });
  }

  write(documents: readonly DocumentWrite[]): Promise<WriteReport> {
    return this.access.run(async () => {
      const written = documents.length === 0 ? 0 : await this.access.engine.write(this.documents, documents);
      return { written, fenced: documents.length - written };
    });
  }

  get(key: string): Promise<Live | undefined> {
    return this.access.run(async () => {
      const found = await this.documents.findOne({ _id: key });
      return found === null || found.gone ? undefined : (viewDocument(found) as Live);
    });
  }

  find(query: ViewQuery): Promise<ViewPage<DocumentBody>> {
    return this.access.run(async () => {
      assertQuery(query);
      const documents: Live[] = [];
      for (const { filter, sort } of pageRanges(query)) {
        const missing = query.limit + 1 - documents.length;
        if (missing <= 0) break;
        const found = await this.documents
          .find(filter, { sort, limit: missing, batchSize: missing + 1 })
          .toArray();
        documents.push(...(found.map(viewDocument) as Live[]));
      }
      if (documents.length <= query.limit) return { documents };
      documents.length = query.limit;
      return { documents, next: cursorOf(documents.at(-1)!, query.sort) };
    });
  }

  count(filter: ViewFilter = {}): Promise<number> {
    return this.access.run(async () => {
      assertFilter(filter);
      return this.documents.countDocuments(mongoFilter(filter));
    }, 'collection');
  }

  aggregate(query: AggregateQuery): Promise<readonly AggregateRow[]> {
    return this.access.run(async () => {
      assertAggregate(query);
      return this.access.engine.aggregate(this.documents, query);
    }, 'collection');
  }

  /** By pages of its own: a cursor of the server would not outlive a change of primary. */
  async *scan(): AsyncIterable<Live> {
    for (let after: string | undefined; ;) {
      const query = {
        after: after === undefined ? undefined : { value: null, key: after },
        limit: SCAN_PAGE,
      };
      const { documents, next } = await this.find(query);
      yield* documents;
      if (next === undefined) return;
      after = next.key;
    }
  }

  sweep(index: number): Promise<number> {
    return this.access.run(async () => {
      const { deletedCount } = await this.documents.deleteMany({ gone: true, n: { $lte: index } });
      return deletedCount;
    }, 'collection');
  }

  /** In small steps: one removal of everything would go on at the server when its owner is long replaced. */
  async clear(assertHeld?: () => void): Promise<void> {
    for (let removed = 1; removed > 0;) {
      const step = { projection: { _id: 1 }, limit: CLEARED_AT_ONCE } as const;
      const found = await this.access.run(() => this.documents.find({}, step).toArray());
      assertHeld?.();
      removed = found.length;
      const keys = found.map(({ _id }) => _id);
      if (removed > 0) await this.access.run(() => this.documents.deleteMany({ _id: { $in: keys } }));
    }
    this.access.engine.forget?.(this.documents.collectionName);
  }
}
