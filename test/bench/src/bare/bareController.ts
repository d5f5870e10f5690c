import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { OpenTicketBody, RegisterCustomerBody, RespondBody } from './bodies.ts';

/** The commands' endpoints with validation and nothing behind it. */
@Controller()
export class BareController {
  private position = 0;

  @Get('health/ready')
  ready() {
    return { status: 'ok' };
  }

  @Post('api/customers')
  registerCustomer(@Body() _body: RegisterCustomerBody) {
    return this.accepted(randomUUID());
  }

  @Post('api/tickets')
  openTicket(@Body() _body: OpenTicketBody) {
    return this.accepted(randomUUID());
  }

  @Post('api/tickets/:id/responses')
  respond(@Param('id') id: string, @Body() _body: RespondBody) {
    return this.accepted(id);
  }

  private accepted(id: string) {
    this.position += 1;
    return { id, position: String(this.position) };
  }
}
