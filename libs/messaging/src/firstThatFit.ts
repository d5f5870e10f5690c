/**
 * As many of the first items as a list of `bytes` in JSON holds, never fewer than one where there is one: whoever
 * reads on after the last of them gets everything.
 *
 * @param items taken one by one: none after the first that does not fit
 * @param sizeOf bytes of an item in JSON, or a bound on them
 */
export function firstThatFit<Item>(
  items: Iterable<Item>,
  bytes: number,
  sizeOf: (item: Item) => number = jsonBytes,
): readonly Item[] {
  const page: Item[] = [];
  let left = bytes - BRACKETS;
  for (const item of items) {
    left -= sizeOf(item) + COMMA;
    if (left < 0 && page.length > 0) break;
    page.push(item);
  }
  return page;
}

/**
 * The same for several lists that share the room: one item of each in turn. A list ends before its first item that
 * does not fit, so that it may have none.
 */
export function firstOfEachThatFit<Item>(
  lists: readonly (readonly Item[])[],
  bytes: number,
  sizeOf: (item: Item) => number = jsonBytes,
): readonly (readonly Item[])[] {
  const pages = lists.map((): Item[] => []);
  let left = bytes - BRACKETS * lists.length;
  let unfinished = [...lists.keys()];
  while (unfinished.length > 0) {
    unfinished = unfinished.filter((at) => {
      const page = pages[at]!;
      if (page.length === lists[at]!.length) return false;
      const item = lists[at]![page.length]!;
      const size = sizeOf(item) + COMMA;
      if (size > left) return false;
      left -= size;
      page.push(item);
      return true;
    });
  }
  return pages;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

const BRACKETS = 2;
const COMMA = 1;
