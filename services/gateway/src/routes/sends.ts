import { applyDecorators, HttpCode, Post, Put, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { answers as shapes, COMMANDS, type CommandDefinition, type CommandName } from '@rapport/contracts';
import { Needs } from '../authentication/permissionGuard.ts';
import { answers } from '../documentation/answers.ts';
import { ApiProblems } from '../documentation/problems.ts';

export interface CommandRoute {
  readonly path?: string;
  readonly method?: 'POST' | 'PUT';
  /** It creates something with an id of its own: 201. */
  readonly creates?: boolean;
  /** It takes If-Match. */
  readonly ifMatch?: boolean;
}

/** Metadata key: which commands a route sends. */
export const SENDS = 'rapport:sends';

/** A route that sends a command, or one of several that differ only in who decides. */
export function Sends(
  commands: CommandName | readonly CommandName[],
  route: CommandRoute = {},
): MethodDecorator {
  const names = typeof commands === 'string' ? [commands] : commands;
  const { path = '', method = 'POST', creates = false, ifMatch = false } = route;
  const { permission, targets }: CommandDefinition = COMMANDS[names[0]!];
  return applyDecorators(
    method === 'POST' ? Post(path) : Put(path),
    HttpCode(creates ? 201 : 200),
    Needs(permission),
    SetMetadata(SENDS, names),
    ApiOperation({
      operationId: names.length === 1 ? names[0]! : 'changePolicy',
      summary: inWords(names.length === 1 ? names[0]! : 'changePolicy'),
      description: `Needs the permission \`${permission}\`.`,
    }),
    ApiBearerAuth(),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
      description:
        'Repeating a request with the same key, method, address and body has one effect and one answer, for 30 days. ' +
        'A request that was refused or changed nothing is not remembered.',
    }),
    ...(ifMatch
      ? [ApiHeader({ name: 'If-Match', required: false, description: 'ETag that the record must have' })]
      : []),
    ...targets.map((name) =>
      ApiParam({ name, schema: name === 'policy' ? { type: 'string' } : { type: 'string', format: 'uuid' } }),
    ),
    ApiResponse({
      status: creates ? 201 : 200,
      ...answers(shapes.CommandAnswer),
      description: 'Recorded durably',
      headers: { 'X-Correlation-Id': { schema: { type: 'string', format: 'uuid' } } },
    }),
    ApiProblems(400, 401, 403, 404, 409, ...(ifMatch ? ([412] as const) : []), 413, 415, 422, 429, 500, 503),
  );
}

/** `openTicket` → `Open ticket` */
export function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}
