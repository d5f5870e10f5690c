import type { AnyBulkWriteOperation, MongoBulkWriteError } from 'mongodb';
import type { AggregateQuery, AggregateRow, DocumentWrite } from '../viewStore.ts';
import { aggregateRows, aggregationPipeline } from './aggregation.ts';
import type { AggregationGroup } from './aggregation.ts';
import type { DocumentEngine, Documents } from './documentEngine.ts';
import { insertNew } from './insertNew.ts';
import { refusedKeys } from './refusedKeys.ts';
import { changeTo, guardedDocument, isThoughtNew, storedDocument } from './storedDocument.ts';
import type { GuardedDocument, StoredDocument } from './storedDocument.ts';
import { prepareIndexes } from './viewIndexes.ts';

/** MongoDB itself: the index guard stands in the filter of the write, so that the server compares and sets at once. */
export const mongodEngine: DocumentEngine = {
  prepare: prepareIndexes,

  async load(documents: Documents, keys: readonly string[]): Promise<StoredDocument[]> {
    return keys.length === 0 ? [] : documents.find({ _id: { $in: [...keys] } }).toArray();
  },

  async write(documents: Documents, writes: readonly DocumentWrite[]): Promise<number> {
    const fresh = writes.filter(isThoughtNew).map(storedDocument);
    const known = writes.filter((write) => !isThoughtNew(write)).map(guardedDocument);
    const present = await insertNew(documents, fresh);
    const lower = present.map((document) => ({ document, refolded: false }));
    return fresh.length - present.length + (await upsertGuarded(documents, [...known, ...lower]));
  },

  async aggregate(documents: Documents, query: AggregateQuery): Promise<AggregateRow[]> {
    const groups = await documents.aggregate<AggregationGroup>(aggregationPipeline(query)).toArray();
    return aggregateRows(groups, query);
  },
};

/**
 * The write of a lower or equal index finds nothing to change, tries to insert, and meets the key. So does the higher
 * of two that both found the key absent; hence a second look without inserting.
 */
async function upsertGuarded(documents: Documents, writes: readonly GuardedDocument[]): Promise<number> {
  if (writes.length === 0) return 0;
  const first = await bulk(documents, writes, true);
  if (first.refused.length === 0) return first.written;
  const second = await bulk(documents, first.refused, false);
  return first.written + second.written;
}

async function bulk(
  documents: Documents,
  writes: readonly GuardedDocument[],
  upsert: boolean,
): Promise<{ readonly written: number; readonly refused: readonly GuardedDocument[] }> {
  const operations = writes.map(({ document, refolded }): AnyBulkWriteOperation<StoredDocument> => ({
    updateOne: {
      filter: { _id: document._id, n: refolded ? { $lte: document.n } : { $lt: document.n } },
      update: changeTo(document),
      upsert,
    },
  }));
  try {
    const { matchedCount, upsertedCount } = await documents.bulkWrite(operations, { ordered: false });
    return { written: matchedCount + upsertedCount, refused: [] };
  } catch (error) {
    const refused = refusedKeys(error).map((index) => writes[index]!);
    const { matchedCount, upsertedCount } = error as MongoBulkWriteError;
    return { written: matchedCount + upsertedCount, refused };
  }
}
