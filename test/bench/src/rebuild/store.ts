/** What `generateEvents` leaves beside the store, for those who ask the store questions. */
export interface GeneratedStore {
  readonly events: number;
  readonly logId: string;
  /** Position token of the last event. */
  readonly headToken: string;
  /** Ids of aggregates in it that a query can ask for. */
  readonly lastTicketId: string;
}

export interface RebuildResult {
  readonly events: number;
  /** Reading, unsealing, folding, writing views and checkpoints, until all is durable. */
  readonly ms: number;
}

export interface ComparisonResult {
  /** Documents that differ from the live views, by view. Anything but 0 is a failure. */
  readonly differences: Readonly<Record<string, number>>;
  /** Documents compared, by view. */
  readonly documents: Readonly<Record<string, number>>;
}
