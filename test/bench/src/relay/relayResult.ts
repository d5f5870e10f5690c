export interface RelayResult {
  readonly events: number;
  readonly bytesPerEvent: number;
  /** From the relay's start until the last event was acknowledged. */
  readonly ms: number;
}
