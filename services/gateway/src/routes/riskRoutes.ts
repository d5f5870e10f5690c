import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AssessRisk, IdentifyRisk, ListRisks, type CommandAnswer } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';
import { Sends } from './sends.ts';

/** Risks. */
@ApiTags('risks')
@Controller('api/risks')
export class RiskRoutes {
  constructor(
    private readonly commands: CommandGateway,
    private readonly queries: QueryGateway,
  ) {}

  @Sends('identifyRisk', { creates: true })
  identify(
    @Body() body: IdentifyRisk,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('identifyRisk', body, request, reply);
  }

  @Sends('assessRisk', { path: ':riskId/assessments', creates: true, ifMatch: true })
  assess(
    @Body() body: AssessRisk,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('assessRisk', body, request, reply, { ifMatch: true });
  }

  @Asks('risks.list')
  list(
    @Query() query: ListRisks,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('risks.list', query, request, reply);
  }
}
