import { projectionId, type ProjectionControl, type ViewCollection, type ViewCounts } from '@rapport/views';
import type { KeptView } from './keptView.ts';

/**
 * What queries ask of a view, whichever of its versions answers. Nothing that walks through the documents is among it:
 * summaries come from the counts that the view declares.
 */
export interface ReadableView extends Pick<ViewCollection, 'get' | 'find'> {
  /** The view's declared counts, as of its checkpoint; no groups before the first. */
  counts(): Promise<ViewCounts>;
}

export function readableView(
  view: KeptView,
  control: Pick<ProjectionControl, 'loadCheckpoint'>,
): ReadableView {
  const none: ViewCounts = (view.code.counts ?? []).map(() => []);
  return {
    get: (key) => view.read((collection) => collection.get(key)),
    find: (query) => view.read((collection) => collection.find(query)),
    counts: () =>
      view.read(async ({ definition }) => {
        const checkpoint = await control.loadCheckpoint(projectionId(definition));
        return checkpoint?.counts?.groups ?? none;
      }),
  };
}
