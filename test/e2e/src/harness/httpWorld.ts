import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Role } from '@rapport/contracts';
import { openApiDocument, startGateway, type GatewayServerOptions } from '@rapport/service-gateway';
import { TicketsModule } from '@rapport/service-tickets';
import { givenCustomer } from './customers.ts';
import { DescribedAnswers, type ApiDocument } from './describedAnswers.ts';
import { World } from './world.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/**
 * The gateway on a free loopback port, before the tickets service of a world with one customer. Every answer is held
 * against /openapi.json.
 */
export class HttpWorld {
  private readonly tokens = new Map<string, string>();
  private readonly described: DescribedAnswers;

  private constructor(
    readonly world: World,
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly customerId: string,
  ) {
    this.described = new DescribedAnswers(openApiDocument(app) as unknown as ApiDocument);
  }

  static async open(options: Partial<GatewayServerOptions> = {}): Promise<HttpWorld> {
    const world = await World.open();
    const customerId = await givenCustomer(world, '科技有限公司', '张经理');
    await world.start(TicketsModule);
    const app = await startGateway({
      requests: world.transport,
      assertActor: (actor) => world.actors.assert(actor),
      tenant: world.tenant,
      logId: world.logId,
      caches: world.caches,
      readiness: () => Promise.resolve({ ready: true, parts: { store: 'up' } }),
      demo: { key: new Uint8Array(32).fill(7) },
      port: 0,
      logger: false,
      ...options,
    });
    return new HttpWorld(world, app, await app.getUrl(), customerId);
  }

  async token(role: Role): Promise<string> {
    let token = this.tokens.get(role);
    if (token === undefined) {
      const { body } = await this.raw('POST', '/demo/sign-in', {
        body: JSON.stringify({ role }),
        headers: JSON_TYPE,
      });
      token = body['token'] as string;
      this.tokens.set(role, token);
    }
    return token;
  }

  /** As a manager, with a JSON body. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.raw(method, path, {
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${await this.token('manager')}`,
        ...(body !== undefined && JSON_TYPE),
        ...headers,
      },
    });
  }

  async raw(method: string, path: string, request: Omit<RequestInit, 'method'> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { method, ...request });
    const text = await response.text();
    const [contentType = ''] = (response.headers.get('content-type') ?? '').split(';');
    const isJson = /json/.test(contentType);
    if (isJson) {
      this.described.check(method, path, { status: response.status, contentType, body: JSON.parse(text) });
    }
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  /** Index of the last event: unchanged where nothing was stored. */
  async head(): Promise<number> {
    return (await this.world.store.head()).index;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.world.close();
  }
}

export const JSON_TYPE = { 'content-type': 'application/json' } as const;
