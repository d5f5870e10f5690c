import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Consistency, ListTiers } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';

/** The tier view. */
@ApiTags('tiers')
@Controller('api/tiers')
export class TierRoutes {
  constructor(private readonly queries: QueryGateway) {}

  @Asks('tiers.summary', { path: 'summary' })
  summary(
    @Query() query: Consistency,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('tiers.summary', query, request, reply);
  }

  @Asks('tiers.list')
  list(
    @Query() query: ListTiers,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('tiers.list', query, request, reply);
  }
}
