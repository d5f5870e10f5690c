import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AcknowledgeTicket,
  CloseTicket,
  ListTickets,
  OpenTicket,
  ReadTicket,
  RecordReturnVisit,
  ReopenTicket,
  ResolveTicket,
  RespondToTicket,
  type CommandAnswer,
} from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway, pathIds } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';
import { Sends } from './sends.ts';

const ON_TICKET = { ifMatch: true } as const;

/** Tickets (工单), and the queue with tier A first. */
@ApiTags('tickets')
@Controller('api/tickets')
export class TicketRoutes {
  constructor(
    private readonly commands: CommandGateway,
    private readonly queries: QueryGateway,
  ) {}

  @Sends('openTicket', { creates: true })
  open(
    @Body() body: OpenTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('openTicket', body, request, reply, { created: '/api/tickets' });
  }

  @Sends('acknowledgeTicket', { path: ':ticketId/acknowledgement', ifMatch: true })
  acknowledge(
    @Body() body: AcknowledgeTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('acknowledgeTicket', body, request, reply, ON_TICKET);
  }

  @Sends('respondToTicket', { path: ':ticketId/responses', creates: true, ifMatch: true })
  respond(
    @Body() body: RespondToTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('respondToTicket', body, request, reply, ON_TICKET);
  }

  @Sends('resolveTicket', { path: ':ticketId/resolution', ifMatch: true })
  resolve(
    @Body() body: ResolveTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('resolveTicket', body, request, reply, ON_TICKET);
  }

  @Sends('recordReturnVisit', { path: ':ticketId/return-visits', creates: true, ifMatch: true })
  returnVisit(
    @Body() body: RecordReturnVisit,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('recordReturnVisit', body, request, reply, ON_TICKET);
  }

  @Sends('closeTicket', { path: ':ticketId/closure', ifMatch: true })
  close(
    @Body() body: CloseTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('closeTicket', body, request, reply, ON_TICKET);
  }

  @Sends('reopenTicket', { path: ':ticketId/reopening', ifMatch: true })
  reopen(
    @Body() body: ReopenTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('reopenTicket', body, request, reply, ON_TICKET);
  }

  @Asks('tickets.list')
  list(
    @Query() query: ListTickets,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('tickets.list', query, request, reply);
  }

  @Asks('tickets.get', { path: ':ticketId', ids: ['ticketId'] })
  get(
    @Query() query: ReadTicket,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('tickets.get', query, request, reply, pathIds(request, ['ticketId']));
  }
}
