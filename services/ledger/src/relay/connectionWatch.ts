import type { NatsConnection } from '@nats-io/nats-core';

/**
 * Whether the connection stands, as its client tells. A publish while it does not is kept by the client and sent
 * later; a request waits out its whole time: so the relay asks here first.
 */
export class ConnectionWatch {
  #connected = true;
  #closed = false;
  readonly #listeners = new Set<() => void>();

  constructor(connection: NatsConnection) {
    void this.#watch(connection);
    void connection.closed().then(() => {
      this.#closed = true;
      this.#change(false);
    });
    this.#closed = connection.isClosed();
  }

  get connected(): boolean {
    return this.#connected && !this.#closed;
  }

  /** For good: whoever opened it closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Calls back at each change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#change(false);
      if (type === 'reconnect') this.#change(true);
    }
  }

  #change(connected: boolean): void {
    this.#connected = connected;
    for (const listener of Array.from(this.#listeners)) listener();
  }
}
