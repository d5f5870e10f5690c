import { Body, Controller, Param, Post, HttpCode, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { answers as shapes } from '@rapport/contracts';
import { notFound } from '@rapport/platform';
import type { FastifyReply } from 'fastify';
import { Needs } from '../authentication/permissionGuard.ts';
import { answers } from '../documentation/answers.ts';
import { ApiProblems } from '../documentation/problems.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { refuseIdempotencyKey } from '../requests/idempotencyKey.ts';
import { ImportCommands } from './importCommands.ts';
import { ImportRows } from './importRows.ts';
import { ImportGateway, type ImportedItem } from '../requests/importGateway.ts';

/** How long a thousand rows may take, in ms: less than NATS lets an answer follow its request (two minutes). */
const PATIENCE_MS = 110_000;

/** Taking over what other systems and files hold. */
@ApiTags('imports')
@ApiBearerAuth()
@Controller('api/imports')
export class ImportRoutes {
  constructor(
    private readonly queries: QueryGateway,
    private readonly imports: ImportGateway,
  ) {}

  @Post('commands')
  @HttpCode(200)
  @Needs('imports.run')
  @ApiOperation({ operationId: 'importCommands', summary: 'Carry out commands with origin import, in order' })
  @ApiOkResponse({ ...answers(shapes.ImportedCommands), description: 'What became of each' })
  @ApiProblems(400, 401, 403, 413, 415, 429, 500, 503)
  async commands(
    @Body() { commands }: ImportCommands,
    @Req() request: GatewayRequest,
  ): Promise<{ readonly items: readonly ImportedItem[] }> {
    refuseIdempotencyKey(request, 'the commandId of each command makes a repeat harmless');
    return { items: await this.imports.run(commands, request) };
  }

  @Post(':kind')
  @HttpCode(200)
  @Needs('imports.run')
  @ApiOperation({ operationId: 'importRows', summary: 'Take over rows of a file' })
  @ApiParam({ name: 'kind', example: 'service-records' })
  @ApiOkResponse({ ...answers(shapes.ImportReport), description: 'What became of the rows' })
  @ApiProblems(400, 401, 403, 404, 413, 415, 429, 500, 503)
  async rows(
    @Param('kind') kind: string,
    @Body() { rows, dryRun = false }: ImportRows,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    if (!/^[a-z-]{1,40}$/.test(kind)) throw notFound('kind of import', 'kind');
    refuseIdempotencyKey(request, 'each row is known by what it says, so that a repeat changes nothing');
    return this.queries.ask('imports.run', { kind, rows, dryRun }, request, reply, {}, PATIENCE_MS);
  }
}
