/** One of the programs that are compared: processes of its own with the same HTTP interface. */
export interface Arm {
  readonly name: string;
  /** @throws NotAvailable when it cannot run on this machine or is not built yet */
  start(): Promise<RunningArm>;
}

export interface RunningArm {
  readonly name: string;
  readonly port: number;
  readonly token: string;
  /**
   * Lets what goes on behind the answers come to rest, so that it does not fall into another arm's round.
   * @param customerId a customer of this arm
   */
  settle(customerId: string): Promise<void>;
  stop(): Promise<void>;
}
