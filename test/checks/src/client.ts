import { DemoUser, type HttpReply } from '@rapport/local';
import { systemTimers } from '@rapport/platform';
import type { StoredEvent } from './storedEvent.ts';

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  /** The view had not caught up with the position that was asked for. */
  readonly stale: boolean;
  /** Seconds after which to ask again, where the answer says so. */
  readonly retryAfter: number | undefined;
}

interface Page {
  readonly events: readonly StoredEvent[];
  /** Where to go on; absent at the end. */
  readonly next?: number;
}

/** Somebody who uses the API in one role. */
export class Client {
  private constructor(
    private readonly user: DemoUser,
    private readonly tries: number,
  ) {}

  /** @param tries of a page of a list or of the log where it is answered 503: a service that has just woken may say so */
  static async signIn(url: string, role: string, tries = 3): Promise<Client> {
    return new Client(await DemoUser.signIn(url, role), tries);
  }

  async post(path: string, body: object, key?: string): Promise<Reply> {
    return replyOf(await this.user.post(path, body, key));
  }

  async get<Body = Record<string, unknown>>(path: string): Promise<Reply<Body>> {
    return replyOf(await this.user.get<Body>(path));
  }

  /** Every item of a list, page after page. @throws Error when one is not answered */
  async all<Item = Record<string, unknown>>(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const page = `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`;
      const { status, body } = await this.answered<{ items: Item[]; next?: string }>(page);
      if (status !== 200) throw new Error(`${page} answered ${status}: ${JSON.stringify(body)}`);
      items.push(...body.items);
      if (body.next === undefined) return items;
      cursor = `&cursor=${body.next}`;
    }
  }

  /** As a client that is told when to come again. */
  private async answered<Body>(path: string): Promise<Reply<Body>> {
    for (let tries = 1; ; tries += 1) {
      const reply = await this.get<Body>(path);
      if (reply.status !== 503 || reply.retryAfter === undefined || tries === this.tries) return reply;
      process.stderr.write(`${path} answered 503: ${JSON.stringify(reply.body)}\n`);
      await systemTimers.sleep(reply.retryAfter * 1_000);
    }
  }

  /** The whole log, as an auditor reads it. @throws Error when it is not answered */
  async log(): Promise<readonly StoredEvent[]> {
    const log: StoredEvent[] = [];
    for await (const events of this.pagesOfLog()) log.push(...events);
    return log;
  }

  /** The same page after page: for logs that are too long to be held. */
  async *pagesOfLog(): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    for (let from: number | undefined = 0; from !== undefined;) {
      const path: string = `/api/events?from=${from}&limit=1000`;
      const { status, body }: Reply<Page> = await this.answered<Page>(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      yield body.events;
      from = body.next;
    }
  }
}

function replyOf<Body>({ status, body, headers }: HttpReply<Body>): Reply<Body> {
  const retryAfter = headers.get('retry-after');
  return {
    status,
    body,
    stale: headers.get('rapport-stale') === 'true',
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
  };
}
