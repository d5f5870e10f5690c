/** Request and reply between services: the port; in one process, or over NATS. */
export interface RequestClient {
  /**
   * Sends a message to whoever serves `subject` and resolves with the reply.
   *
   * @param subject without tenant prefix: `commands.v1.tickets.OpenTicket`
   * @param message plain JSON, at most 512 kB
   * @throws Problem as the other side threw it; `unavailable` when nobody serves it or the answer is late
   */
  request<Reply>(subject: string, message: object, options?: RequestOptions): Promise<Reply>;
}

export interface RequestOptions {
  /** Milliseconds to wait for the reply; default 10,000. */
  readonly timeoutMs?: number;
}

/** Largest message in bytes (contract.md, «Messages»). */
export const MAX_MESSAGE_BYTES = 512 * 1024;
