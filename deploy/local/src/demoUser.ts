export interface HttpReply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

type Json = Record<string, unknown>;

/** Patience with one request, in ms. */
const PATIENCE_MS = 20_000;

type Answered = (method: string, path: string, reply: HttpReply<unknown>) => void;

/** Somebody who signed in to a demo in one role. */
export class DemoUser {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly answered: Answered,
  ) {}

  /**
   * @param answered is told of each answer
   * @throws Error when the gateway has no demo sign-in
   */
  static async signIn(url: string, role: string, answered: Answered = () => undefined): Promise<DemoUser> {
    const { status, body } = await send<{ token: string }>(`${url}/demo/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role }),
    });
    if (status !== 200) throw new Error(`the demo sign-in answered ${status}`);
    return new DemoUser(url, body.token, answered);
  }

  get<Body = Json>(path: string): Promise<HttpReply<Body>> {
    return this.send('GET', path, { headers: { authorization: `Bearer ${this.token}` } });
  }

  /** @param key Idempotency-Key */
  post<Body = Json>(path: string, body: object, key?: string): Promise<HttpReply<Body>> {
    return this.send('POST', path, {
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.token}`,
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
  }

  private async send<Body>(method: string, path: string, request: RequestInit): Promise<HttpReply<Body>> {
    const reply = await send<Body>(`${this.url}${path}`, { method, ...request });
    this.answered(method, path, reply);
    return reply;
  }
}

async function send<Body>(url: string, request: RequestInit): Promise<HttpReply<Body>> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}
