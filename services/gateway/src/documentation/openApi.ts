import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serveDocsPage } from './docsPage.ts';
import { referToNamedSchemas } from './namedSchemas.ts';

/** The OpenAPI 3.1 description, generated from the routes and the contracts. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rapport (客情)')
    .setDescription(
      'Customer relationships, event-sourced. A command answers when it is recorded durably, with a position token; ' +
        'a query with `after=<position>` waits briefly until its view has it, and says `Rapport-Stale: true` where it ' +
        'has not. Amounts are text with two decimals, instants carry their offset, ids are UUIDs. Everything that ' +
        'fails is a problem document (RFC 9457) that names the fields.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  return referToNamedSchemas(SwaggerModule.createDocument(app, description));
}

/** Serves it at /openapi.json, and to read and try out at /docs. */
export function serveDocumentation(app: NestFastifyApplication): void {
  // Generated when it is first asked for, then kept.
  let document: OpenAPIObject | undefined;
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.get('/openapi.json', (request, reply) => {
    document ??= openApiDocument(app);
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ ...document, servers: [{ url: serverUrl(request) }] }));
  });
  serveDocsPage(server);
}

/** Where whoever asks has reached us; where that is no address, relative to where the document is. */
function serverUrl({ protocol, host }: FastifyRequest): string {
  const url = `${protocol}://${host}`;
  return URL.canParse(url) ? new URL(url).origin : '/';
}
