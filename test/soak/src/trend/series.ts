/** One measurement. */
export interface Sample {
  /** Minutes since the run began. */
  readonly at: number;
  readonly value: number;
}

/**
 * What was measured of one process in each of its lives: a restart begins anew, so only samples of the same life are ever
 * compared.
 */
export type Lives = readonly (readonly Sample[])[];
