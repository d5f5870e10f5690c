/** One thing that must hold at the end. */
export interface Check {
  readonly name: string;
  /** What is wrong; none where it holds. */
  readonly faults: readonly string[];
}

/** Faults that are told of one check. */
const TOLD = 10;

export function check(name: string, faults: readonly string[]): Check {
  const more = faults.length - TOLD;
  return { name, faults: more > 0 ? [...faults.slice(0, TOLD), `and ${more} more`] : faults };
}
