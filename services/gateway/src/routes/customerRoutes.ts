import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AddContact,
  ApproveStrategicDesignation,
  Consistency,
  EndStrategicDesignation,
  ErasePerson,
  ListCustomers,
  Page,
  RecordContactLeft,
  RecordInteraction,
  RecordPurchase,
  RegisterCustomer,
  RequestStrategicDesignation,
  VoidPurchase,
  type CommandAnswer,
} from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway, pathIds } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';
import { Sends } from './sends.ts';

const ON_CUSTOMER = { ifMatch: true } as const;

/** Customers and what belongs to one (客户档案). */
@ApiTags('customers')
@Controller('api/customers')
export class CustomerRoutes {
  constructor(
    private readonly commands: CommandGateway,
    private readonly queries: QueryGateway,
  ) {}

  @Sends('registerCustomer', { creates: true })
  register(
    @Body() body: RegisterCustomer,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('registerCustomer', body, request, reply, { created: '/api/customers' });
  }

  @Sends('addContact', { path: ':customerId/contacts', creates: true, ifMatch: true })
  addContact(
    @Body() body: AddContact,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('addContact', body, request, reply, ON_CUSTOMER);
  }

  @Sends('recordContactLeft', { path: ':customerId/contacts/:contactId/departure', ifMatch: true })
  contactLeft(
    @Body() body: RecordContactLeft,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('recordContactLeft', body, request, reply, ON_CUSTOMER);
  }

  @Sends('recordPurchase', { path: ':customerId/purchases', creates: true })
  purchase(
    @Body() body: RecordPurchase,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('recordPurchase', body, request, reply);
  }

  @Sends('voidPurchase', { path: ':customerId/purchases/:purchaseId/void' })
  voidPurchase(
    @Body() body: VoidPurchase,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('voidPurchase', body, request, reply);
  }

  @Sends('requestStrategicDesignation', { path: ':customerId/strategic-designations', creates: true })
  requestDesignation(
    @Body() body: RequestStrategicDesignation,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('requestStrategicDesignation', body, request, reply);
  }

  @Sends('approveStrategicDesignation', {
    path: ':customerId/strategic-designations/:designationId/approval',
  })
  approveDesignation(
    @Body() body: ApproveStrategicDesignation,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('approveStrategicDesignation', body, request, reply);
  }

  @Sends('endStrategicDesignation', { path: ':customerId/strategic-designations/:designationId/end' })
  endDesignation(
    @Body() body: EndStrategicDesignation,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('endStrategicDesignation', body, request, reply);
  }

  @Sends('erasePerson', { path: ':customerId/persons/:personId/erasure' })
  erase(
    @Body() body: ErasePerson,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('erasePerson', body, request, reply);
  }

  @Sends('recordInteraction', { path: ':customerId/interactions', creates: true })
  interaction(
    @Body() body: RecordInteraction,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('recordInteraction', body, request, reply);
  }

  @Asks('customers.list')
  list(
    @Query() query: ListCustomers,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.list', query, request, reply);
  }

  @Asks('customers.get', { path: ':customerId', ids: ['customerId'] })
  get(
    @Query() query: Consistency,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.get', query, request, reply, pathIds(request, ['customerId']));
  }

  @Asks('customers.view360', {
    path: ':customerId/view',
    ids: ['customerId'],
  })
  view(
    @Query() query: Consistency,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.view360', query, request, reply, pathIds(request, ['customerId']));
  }

  @Asks('customers.timeline', { path: ':customerId/timeline', ids: ['customerId'] })
  timeline(
    @Query() query: Page,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.timeline', query, request, reply, pathIds(request, ['customerId']));
  }

  @Asks('customers.contacts', { path: ':customerId/contacts', ids: ['customerId'] })
  contacts(
    @Query() query: Page,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.contacts', query, request, reply, pathIds(request, ['customerId']));
  }

  @Asks('customers.surveys', { path: ':customerId/surveys', ids: ['customerId'] })
  surveys(
    @Query() query: Page,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('customers.surveys', query, request, reply, pathIds(request, ['customerId']));
  }
}
