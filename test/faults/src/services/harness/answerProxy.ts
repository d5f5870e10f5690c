import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is awaited: first a request to a subject, then the answer to it. */
interface Wanted {
  readonly subject: string;
  readonly swallowed: () => void;
  reply?: string;
}

/** Between a service and NATS: lets a request in and swallows its answer, with everything else that the service sends. */
export class AnswerProxy {
  private readonly sockets = new Set<Socket>();
  private wanted: Wanted | undefined;
  private muted = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param target port on loopback of the NATS server */
  static async start(target: number): Promise<AnswerProxy> {
    const server = createServer((client) => proxy.join(client, connect(target, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new AnswerProxy(server, (server.address() as AddressInfo).port);
    return proxy;
  }

  /** Resolves when the answer to the next request of this subject was sent, and swallowed; it stays mute. */
  swallowAnswer(subject: string): Promise<void> {
    return new Promise((swallowed) => (this.wanted = { subject, swallowed }));
  }

  /** Lets through again. */
  unmute(): void {
    this.muted = false;
    this.wanted = undefined;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(service: Socket, nats: Socket): void {
    for (const [socket, other] of [
      [service, nats],
      [nats, service],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      // The other end is told by its own close.
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    nats.on('data', (bytes) => {
      this.heard(bytes.toString('latin1'));
      service.write(bytes);
    });
    service.on('data', (bytes) => {
      if (this.muted) this.said(bytes.toString('latin1'));
      else nats.write(bytes);
    });
  }

  private heard(text: string): void {
    const { wanted } = this;
    if (wanted === undefined || wanted.reply !== undefined) return;
    for (const [, subject, reply] of text.matchAll(/MSG (\S+) \d+ (_INBOX\S+) \d/g)) {
      if (subject !== wanted.subject) continue;
      wanted.reply = reply!;
      this.muted = true;
      return;
    }
  }

  private said(text: string): void {
    const { wanted } = this;
    if (wanted?.reply !== undefined && text.includes(`PUB ${wanted.reply} `)) wanted.swallowed();
  }
}
