import type { ViewCollection } from '@rapport/views';
import type { KeptView } from './keptView.ts';

/** What queries ask of a view, whichever of its versions answers. */
export type ReadableView = Pick<ViewCollection, 'get' | 'find' | 'count' | 'aggregate'>;

export function readableView(view: KeptView): ReadableView {
  return {
    get: (key) => view.read((collection) => collection.get(key)),
    find: (query) => view.read((collection) => collection.find(query)),
    count: (filter) => view.read((collection) => collection.count(filter)),
    aggregate: (query) => view.read((collection) => collection.aggregate(query)),
  };
}
