import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListParked, RetryParkedKey, type CommandAnswer } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';
import { Sends } from './sends.ts';

/** Keys of reactions and dues that could not go on. */
@ApiTags('parked')
@Controller('api/parked')
export class ParkedRoutes {
  constructor(
    private readonly commands: CommandGateway,
    private readonly queries: QueryGateway,
  ) {}

  @Asks('parked.list')
  list(
    @Query() query: ListParked,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('parked.list', query, request, reply);
  }

  @Sends('retryParkedKey', { path: ':parkedId/retry' })
  retry(
    @Body() body: RetryParkedKey,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('retryParkedKey', body, request, reply);
  }
}
