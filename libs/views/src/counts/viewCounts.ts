import type { Scalar } from '../scalar.ts';

/**
 * A count that the owner of a projection keeps: how many live documents there are of each combination of values. Of
 * values from a closed vocabulary only, since all of its groups are saved with each checkpoint.
 */
export interface CountDeclaration {
  /** Dotted paths; a missing value is null. */
  readonly by: readonly string[];
  /** Dotted paths of whole numbers: of each group how many documents have it, and their sum. */
  readonly sum?: readonly string[];
}

export interface CountedGroup {
  /** In the order of `by`. */
  readonly values: readonly Scalar[];
  readonly count: number;
  /** In the order of `sum`. */
  readonly sums: readonly CountedSum[];
}

export interface CountedSum {
  readonly n: number;
  readonly sum: number;
}

/** Of each declared count its groups in the order of their values; no document, no group. */
export type ViewCounts = readonly (readonly CountedGroup[])[];

/** Counts as a checkpoint holds them. */
export interface SavedCounts {
  readonly groups: ViewCounts;
  /**
   * Its owner let go in order and no write of anybody is under way: what is stored is what was counted. An owner that
   * takes over takes this back before it writes.
   */
  readonly settled: boolean;
}
