import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of an acknowledgement on its way: how often it arrives, and after how many others. */
export type Tampering = (acknowledgement: number) => { readonly copies: number; readonly late: number };

/** Between a client and a NATS server: drops, doubles and delays acknowledgements of publishes, cuts connections. */
export class AcknowledgementProxy {
  readonly #sockets = new Set<Socket>();
  #count = 0;
  tampered = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(target: number, tamper: Tampering): Promise<AcknowledgementProxy> {
    const server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      proxy.#join(client, upstream, tamper);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = new AcknowledgementProxy(server, `nats://127.0.0.1:${port}`);
    return proxy;
  }

  /** Cuts every connection: what is on its way is lost, in both directions. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(client: Socket, upstream: Socket, tamper: Tampering): void {
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}).on('close', () => other.destroy());
    }
    client.on('data', (bytes) => upstream.write(bytes));
    const late: { frame: Buffer; due: number }[] = [];
    let rest: Buffer = Buffer.alloc(0);
    upstream.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (let size = frameSize(rest); size > 0; size = frameSize(rest)) {
        const frame = rest.subarray(0, size);
        rest = rest.subarray(size);
        if (!isAcknowledgement(frame)) {
          client.write(frame);
          continue;
        }
        this.#count += 1;
        const { copies, late: by } = tamper(this.#count);
        if (copies !== 1 || by > 0) this.tampered += 1;
        for (let n = 0; n < copies; n += 1) {
          if (by > 0) late.push({ frame: Buffer.from(frame), due: this.#count + by });
          else client.write(frame);
        }
        while (late[0] !== undefined && late[0].due <= this.#count) client.write(late.shift()!.frame);
      }
    });
  }
}

/** Bytes of the first whole frame, 0 where there is none yet. */
function frameSize(bytes: Buffer): number {
  const line = bytes.indexOf('\r\n');
  if (line < 0) return 0;
  const text = bytes.toString('latin1', 0, line);
  if (!/^H?MSG /.test(text)) return line + 2;
  const size = line + 2 + Number(text.slice(text.lastIndexOf(' ') + 1)) + 2;
  return bytes.length >= size ? size : 0;
}

function isAcknowledgement(frame: Buffer): boolean {
  return (
    frame.subarray(0, 3).equals(Buffer.from('MSG')) &&
    /\r\n\{"stream":"[^"]+", ?"seq":/.test(frame.toString('latin1'))
  );
}
