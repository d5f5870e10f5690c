import { categoryOf } from '@rapport/contracts';

/** Those of the events that stand in streams of these categories; all where none are named. */
export function ofCategories<Event extends { readonly stream: string }>(
  events: readonly Event[],
  categories: readonly string[] | undefined,
): readonly Event[] {
  return categories === undefined
    ? events
    : events.filter(({ stream }) => categories.includes(categoryOf(stream)));
}
