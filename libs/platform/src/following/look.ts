/** Something that grows, and says how far. */
export interface Growing<Head> {
  head(): Promise<Head>;
}

/** One look at followers: what several of them follow is asked for its head once. */
export class Look {
  private readonly heads = new Map<object, Promise<unknown>>();

  head<Head>(log: Growing<Head>): Promise<Head> {
    let head = this.heads.get(log) as Promise<Head> | undefined;
    if (head === undefined) this.heads.set(log, (head = log.head()));
    return head;
  }
}
