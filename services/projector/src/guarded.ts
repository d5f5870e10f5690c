/** A value in clear, a sealed one, or what is left after an erasure. */
export type Guarded = unknown;

/** What is left. */
export const ERASED = { erased: true } as const;
