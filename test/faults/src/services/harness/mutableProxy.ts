import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Between a client and a server: from a moment on it swallows what the client sends, while the server is heard. */
export class MutableProxy {
  private readonly sockets = new Set<Socket>();
  private muted = false;
  /** Bytes that were swallowed. */
  swallowed = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param target port on loopback of the server */
  static async start(target: number): Promise<MutableProxy> {
    const server = createServer((client) => proxy.join(client, connect(target, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new MutableProxy(server, (server.address() as AddressInfo).port);
    return proxy;
  }

  /** Nothing more of what clients send gets through. */
  mute(): void {
    this.muted = true;
  }

  unmute(): void {
    this.muted = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, upstream: Socket): void {
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      // The other end is told by its own close.
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    upstream.on('data', (bytes) => client.write(bytes));
    client.on('data', (bytes) => {
      if (this.muted) this.swallowed += bytes.length;
      else upstream.write(bytes);
    });
  }
}
