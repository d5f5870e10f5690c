/** What the load generator is told: half of the commands open a ticket, half respond to one of `tickets`. */
export interface LoadJob {
  readonly port: number;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** Commands per second of all connections together, evenly spread; default: as many as are answered. */
  readonly perSecond?: number;
  /** At an even rate: seconds before, whose commands are sent and counted but not timed; the generator has to get warm, too. */
  readonly warmUpSeconds?: number;
  readonly customers: readonly string[];
  /** Open tickets. Each belongs to one connection, so that no two commands meet in one stream. */
  readonly tickets: readonly string[];
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly succeeded: number;
  /** Answers other than 2xx, connection errors and time-outs. Anything but 0 is a failure of the arm. */
  readonly failed: number;
  /** Number of answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Share of one core that the generator used, 0 to 1: near 1 it is the bottleneck, and ratios are too near to 1. */
  readonly generatorBusy: number;
}
