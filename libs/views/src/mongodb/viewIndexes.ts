import { createHash } from 'node:crypto';
import type { IndexDescription } from 'mongodb';
import type { ViewDefinition } from '../viewStore.ts';
import type { Documents } from './documentEngine.ts';
import { fieldOf } from './mongoFilter.ts';
import { isAbsentCollection } from './mongoViewErrors.ts';

/** MongoDB before 4.2 takes 127 bytes with the collection's name. */
const LONGEST_NAME = 60;

/**
 * The indexes of a version: each declared one between `gone` and `_id`, so that it serves an equality or a range over
 * its fields, a sort by the last of them and then by key, and a page from any cursor, all within the index. One over
 * `gone` and `_id` serves pages by key, counts of everything and the sweep.
 */
export function viewIndexes({
  indexes,
}: Pick<ViewDefinition, 'indexes'>): (IndexDescription & { name: string })[] {
  return [[], ...indexes.map(({ fields }) => fields)].map((fields) => ({
    key: Object.fromEntries(['gone', ...fields.map(fieldOf), '_id'].map((field) => [field, 1 as const])),
    name: indexName(fields),
  }));
}

/** Makes what is declared and drops what no definition declares any more. */
export async function prepareIndexes(documents: Documents, definition: ViewDefinition): Promise<void> {
  const wanted = viewIndexes(definition);
  const found = new Set(await indexNames(documents));
  const missing = wanted.filter(({ name }) => !found.has(name));
  if (missing.length > 0) await documents.createIndexes(missing);
  const names = new Set(['_id_', ...wanted.map(({ name }) => name)]);
  for (const name of found) if (!names.has(name)) await documents.dropIndex(name);
}

async function indexNames(documents: Documents): Promise<string[]> {
  try {
    return (await documents.indexes()).flatMap(({ name }) => name ?? []);
  } catch (error) {
    if (isAbsentCollection(error)) return [];
    throw error;
  }
}

function indexName(fields: readonly string[]): string {
  const name = ['view', ...fields].join('__');
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  return `view__${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
