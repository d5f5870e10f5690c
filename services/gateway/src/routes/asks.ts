import { applyDecorators, Get, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { QUERIES, type QueryName } from '@rapport/contracts';
import { Needs } from '../authentication/permissionGuard.ts';
import { answers } from '../documentation/answers.ts';
import { ApiProblems } from '../documentation/problems.ts';
import { inWords } from './sends.ts';

export interface QueryRoute {
  readonly path?: string;
  readonly method?: 'GET' | 'POST';
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
  const { path = '', method = 'GET', shows = 'masked', ids = [] } = route;
  const { operation, permission, answer } = QUERIES[query];
  return applyDecorators(
    method === 'GET' ? Get(path) : Post(path),
    HttpCode(200),
    Needs(permission),
    SetMetadata(ASKS, query),
    ApiOperation({
      operationId: operation,
      summary: inWords(operation),
      description: `Needs the permission \`${permission}\`. ${PROTECTED[shows]}`,
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
      ...answers(answer),
      description: 'The answer',
      headers: {
        'Rapport-Stale': {
          schema: { type: 'string', enum: ['true'] },
          description: 'The view had not reached `after` in time',
        },
        ETag: { schema: { type: 'string' }, description: 'Revision of the record, where the answer is one' },
      },
    }),
    ApiProblems(400, 401, 403, 404, 409, ...(method === 'POST' ? ([413, 415] as const) : []), 429, 500, 503),
  );
}
