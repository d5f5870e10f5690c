/** What was kept, by estimate and by the heap. */
export interface HeapGrowth {
  readonly estimated: number;
  /** Bytes that heap and array buffers have grown by, garbage collected before and after; with what is said to lie outside. */
  readonly grown: number;
}

/** What was filled, to be held until it is measured. */
export interface Filled {
  readonly held: unknown;
  readonly estimated: number;
  /** Bytes beyond heap and array buffers, which nothing counts from within. */
  readonly outside?: number;
}

/** Measures what `fill` leaves in memory; needs Node's --expose-gc. */
export async function heapGrowth(fill: () => Promise<Filled>): Promise<HeapGrowth> {
  const before = await collected();
  const { estimated, held, outside = 0 } = await fill();
  const grown = (await collected()) - before + outside;
  if (held === undefined) throw new TypeError('nothing is held');
  return { estimated, grown };
}

async function collected(): Promise<number> {
  // With a turn between: what a finaliser lets go of is garbage only then.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc!();
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
