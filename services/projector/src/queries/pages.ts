import { firstThatFit, MAX_MESSAGE_BYTES } from '@rapport/messaging';
import { shownBytes } from '@rapport/privacy';
import type { ViewCursor } from '@rapport/views';

/**
 * What the items of an answer may take up of a message. Beside them stand `next`, twice, and the answer's own fields:
 * a cursor holds the value that was sorted by, a name of 200 characters, which grows when it is normalised.
 */
export const PAGE_BYTES = MAX_MESSAGE_BYTES - 32 * 1024;

/**
 * What the contacts within a customer may take up: all that one is registered with, were every field as long as it
 * may be, and so that in an overview the largest event fits beside them.
 */
export const CONTACTS_BYTES = 192 * 1024;

/** What is shown, and from where a list goes on after it. */
export interface Placed<Item = unknown> {
  readonly item: Item;
  readonly place: ViewCursor;
}

/** A beginning of a list, and after what it goes on where there is more. */
export interface Cut<Item> {
  readonly items: readonly Item[];
  readonly after?: ViewCursor;
}

export type Classified = Parameters<typeof shownBytes>[1];

/**
 * The items that fit, whoever asks.
 *
 * @param end where the list goes on after all of `placed`; undefined where it ends there
 */
export function cutToFit<Item>(
  placed: readonly Placed<Item>[],
  end: ViewCursor | undefined,
  bytes: number,
  classified?: Classified,
): Cut<Item> {
  const shown = firstThatFit(placed, bytes, ({ item }) => shownBytes(item, classified));
  const after = shown.length < placed.length ? shown.at(-1)?.place : end;
  return { items: shown.map(({ item }) => item), ...(after !== undefined && { after }) };
}
