import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Nothing } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';

/** What goes once through everything of a kind, after a policy has changed. */
@ApiTags('campaigns')
@Controller('api/campaigns')
export class CampaignRoutes {
  constructor(private readonly queries: QueryGateway) {}

  @Asks('campaigns.list')
  list(
    @Query() query: Nothing,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('campaigns.list', query, request, reply);
  }
}
