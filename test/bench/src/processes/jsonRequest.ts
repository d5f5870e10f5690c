import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface JsonAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface JsonCall {
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
}

/** One request to a loopback server. Rejects when the connection fails or the answer is not JSON. */
export function jsonRequest(call: JsonCall): Promise<JsonAnswer> {
  const payload = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port: call.port,
        method: call.method,
        path: call.path,
        timeout: 30_000,
        headers: {
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': payload.length }),
          ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          try {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: answer.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.once('timeout', () =>
      sent.destroy(new Error(`no answer to ${call.method} ${call.path} within 30 s`)),
    );
    sent.once('error', reject);
    sent.end(payload);
  });
}

/** Whether the server says that it accepts work. */
export async function isReady(port: number): Promise<boolean> {
  return (await jsonRequest({ port, method: 'GET', path: '/health/ready' })).status === 200;
}
