import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Nothing, Page, SwitchVersion, UnparkKey } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { pathIds } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';

const VIEW = ['view'] as const;

/** Operating the projections: lag, parked keys, the next version beside the live one. */
@ApiTags('projections')
@Controller('api/projections')
export class ProjectionRoutes {
  constructor(private readonly queries: QueryGateway) {}

  @Asks('projections.status')
  status(
    @Query() query: Nothing,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.status', query, request, reply);
  }

  @Asks('projections.parked', { path: ':view/parked', ids: VIEW })
  parked(
    @Query() query: Page,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.parked', query, request, reply, pathIds(request, VIEW));
  }

  @Asks('projections.unpark', { path: ':view/unparking', method: 'POST', ids: VIEW })
  unpark(
    @Body() body: UnparkKey,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.unpark', body, request, reply, pathIds(request, VIEW));
  }

  @Asks('projections.rebuild', { path: ':view/rebuild', method: 'POST', ids: VIEW })
  rebuild(
    @Body() body: Nothing,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.rebuild', body, request, reply, pathIds(request, VIEW));
  }

  @Asks('projections.compare', { path: ':view/comparison', ids: VIEW })
  compare(
    @Query() query: Nothing,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.compare', query, request, reply, pathIds(request, VIEW));
  }

  @Asks('projections.switch', { path: ':view/switch', method: 'POST', ids: VIEW })
  switchTo(
    @Body() body: SwitchVersion,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('projections.switch', body, request, reply, pathIds(request, VIEW));
  }
}
