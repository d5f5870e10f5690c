import { Agent, request } from 'node:http';
import type { Role } from '@rapport/contracts';
import type { Body, SoakRequest } from '../mix/request.ts';

/** An answer, or that none came. */
export type Outcome =
  | {
      readonly answered: true;
      readonly status: number;
      readonly body: Body;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly answered: false; readonly reason: string };

/** Longer than the gateway lets a request take. */
const PATIENCE_MS = 15_000;
/** An import waits for the views and sends many commands. */
const IMPORT_PATIENCE_MS = 115_000;

/** Sends requests over kept connections. */
export class HttpSender {
  private readonly agent: Agent;
  private readonly tokens = new Map<Role, string>();

  constructor(
    private readonly url: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** A token of the demo sign-in for each role, which outlives restarts. @throws Error where it is refused */
  async signIn(roles: readonly Role[]): Promise<void> {
    for (const role of roles) {
      const outcome = await this.exchange('POST', '/demo/sign-in', { role }, {}, PATIENCE_MS);
      if (!outcome.answered || outcome.status !== 200) throw new Error(`no demo sign-in for ${role}`);
      this.tokens.set(role, String(outcome.body['token']));
    }
  }

  send({ method, path, body, key, role, group }: SoakRequest): Promise<Outcome> {
    const headers = {
      authorization: `Bearer ${this.tokens.get(role)}`,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    return this.exchange(method, path, body, headers, group === 'import' ? IMPORT_PATIENCE_MS : PATIENCE_MS);
  }

  close(): void {
    this.agent.destroy();
  }

  private exchange(
    method: string,
    path: string,
    body: Body | undefined,
    headers: Readonly<Record<string, string>>,
    timeout: number,
  ): Promise<Outcome> {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const sized = payload && { 'content-type': 'application/json', 'content-length': payload.length };
    return new Promise((resolve) => {
      const failed = (error: NodeJS.ErrnoException): void =>
        resolve({ answered: false, reason: error.code ?? error.message });
      const options = { agent: this.agent, method, headers: { ...headers, ...sized }, timeout };
      const sent = request(`${this.url}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', failed);
        response.once('close', () => {
          if (!response.complete) failed(new Error('cut off'));
        });
        response.once('end', () => {
          const retryAfter = response.headers['retry-after'];
          resolve({
            answered: true,
            status: response.statusCode!,
            body: parsed(Buffer.concat(chunks)),
            retryAfterMs: retryAfter === undefined ? undefined : Number(retryAfter) * 1_000,
          });
        });
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.once('error', failed);
      sent.end(payload);
    });
  }
}

function parsed(bytes: Buffer): Body {
  try {
    return JSON.parse(bytes.toString('utf8')) as Body;
  } catch {
    return {};
  }
}
