import { connect } from '@nats-io/transport-node';
import { PermissionViolationError, type NatsConnection } from '@nats-io/nats-core';

/** How long the server may take to refuse, in milliseconds. */
const PATIENCE = 30_000;

/**
 * One user's connection that can tell what the server permits it. The server handles a connection's messages in
 * order, so after something that it surely refuses everything before has been judged.
 */
export class PermittedUser {
  readonly #refused: PermissionViolationError[] = [];
  #wake: () => void = () => undefined;
  #asked = 0;

  private constructor(readonly connection: NatsConnection) {
    void this.#listen();
  }

  static async connect(url: string, user: string, password: string): Promise<PermittedUser> {
    return new PermittedUser(
      await connect({ servers: url, user, pass: password, inboxPrefix: `_INBOX.${user}`, reconnect: false }),
    );
  }

  /** Whether the server takes a message to this subject. */
  async mayPublish(subject: string): Promise<boolean> {
    this.connection.publish(subject, '{}');
    return !(await this.#judged()).some(
      ({ operation, subject: refused }) => operation === 'publish' && refused === subject,
    );
  }

  /** Whether the server takes this subscription, which ends at once. */
  async maySubscribe(subject: string, queue?: string): Promise<boolean> {
    const subscription = this.connection.subscribe(subject, { queue, callback: () => undefined });
    const refused = await this.#judged();
    subscription.unsubscribe();
    return !refused.some(
      (violation) => violation.operation === 'subscription' && violation.subject === subject,
    );
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #listen(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      this.#refused.push(status.error);
      this.#wake();
    }
  }

  /** Everything refused until now. */
  async #judged(): Promise<readonly PermissionViolationError[]> {
    const surely = `refused.${(this.#asked += 1)}`;
    this.connection.publish(surely);
    let late: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        late = setTimeout(() => reject(new Error('the server did not refuse what it must refuse')), PATIENCE);
        this.#wake = () => {
          if (this.#refused.some(({ subject }) => subject === surely)) resolve();
        };
      });
    } finally {
      clearTimeout(late);
    }
    return this.#refused.splice(0);
  }
}
