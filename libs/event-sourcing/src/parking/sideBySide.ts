/**
 * Does something for each of these, in order, as many side by side as are allowed; the next begins when one ends. What
 * has not begun when the signal aborts is left.
 *
 * @throws what the first throws; those under way go on
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
  take: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) await take(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
}
