/** Milliseconds since 1970-01-01T00:00:00Z, a safe integer. */
export type EpochMillis = number;

/** The wall clock as a port: everything that records or compares business time asks it. */
export interface Clock {
  now(): EpochMillis;
}

/** A clock that never goes back, in milliseconds from an unknown start: leases, time-outs, measurements. */
export interface MonotonicClock {
  now(): number;
}

/** Timers as a port, so that a simulation can own them. */
export interface Timers {
  /** Resolves after at least `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fire` once after at least `ms` milliseconds, unless the returned function is called before. */
  schedule(ms: number, fire: () => void): () => void;
}
