import { applyDecorators, Get, HttpCode, Post, SetMetadata, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { QUERIES, type QueryName } from '@rapport/contracts';
import { Needs } from '../authentication/permissionGuard.ts';
import { ApiProblems } from '../documentation/problems.ts';
import { inWords } from './sends.ts';

export interface QueryRoute {
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
  readonly answers?: Type<object>;
  /** What readers see of protected fields; default: masked for their roles. */
  readonly shows?: 'masked' | 'sealed';
  /** Names in the path, by pattern. */
  readonly ids?: readonly string[];
}

/** Metadata key: which query a route asks. */
export const ASKS = 'rapport:asks';

const PROTECTED = {
  masked: 'Fields that your roles may not see are masked (R-100).',
  sealed: 'Protected fields are the sealed values that the log holds, for every role.',
} as const;

/** A route that asks a query. */
export function Asks(query: QueryName, route: QueryRoute = {}): MethodDecorator {
  const { path = '', method = 'GET', answers, shows = 'masked', ids = [] } = route;
  const [subject = '', verb = ''] = query.split('.');
  const name = `${verb}${subject[0]!.toUpperCase()}${subject.slice(1)}`;
  return applyDecorators(
    method === 'GET' ? Get(path) : Post(path),
    HttpCode(200),
    Needs(QUERIES[query]),
    SetMetadata(ASKS, query),
    ApiOperation({
      operationId: name,
      summary: inWords(name),
      description: `Needs the permission \`${QUERIES[query]}\`. ${PROTECTED[shows]}`,
    }),
    ApiBearerAuth(),
    ApiHeader({
      name: 'Rapport-After',
      required: false,
      description: 'Position token, as the parameter `after`',
    }),
    ...ids.map((id) =>
      ApiParam({
        name: id,
        schema: id.endsWith('Id') ? { type: 'string', format: 'uuid' } : { type: 'string' },
      }),
    ),
    ApiOkResponse({
      ...(answers === undefined
        ? { schema: { type: 'object', additionalProperties: true } }
        : { type: answers }),
      description: 'The answer',
      headers: {
        'Rapport-Stale': {
          schema: { type: 'string', enum: ['true'] },
          description: 'The view had not reached `after` in time',
        },
        ETag: { schema: { type: 'string' }, description: 'Revision of the record, where the answer is one' },
      },
    }),
    ApiProblems(400, 401, 403, 404, 409, 429, 503),
  );
}
