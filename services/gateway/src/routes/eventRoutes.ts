import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ReadEvents } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';

/** The log as stored; sealed fields stay sealed. */
@ApiTags('events')
@Controller('api/events')
export class EventRoutes {
  constructor(private readonly queries: QueryGateway) {}

  @Asks('events.list', { shows: 'sealed' })
  list(
    @Query() query: ReadEvents,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('events.list', query, request, reply);
  }
}
