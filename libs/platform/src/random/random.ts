/** Randomness as a port, so that a simulation can own it. */
export interface Random {
  /** `size` unpredictable bytes. */
  bytes(size: number): Uint8Array;
  /** A fresh UUIDv7 (RFC 9562) for the given instant in milliseconds. */
  uuidv7(now: number): string;
}
