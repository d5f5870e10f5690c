import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RecordService, type CommandAnswer } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { Sends } from './sends.ts';

/** Service records. */
@ApiTags('tickets')
@Controller('api/service-records')
export class ServiceRecordRoutes {
  constructor(private readonly commands: CommandGateway) {}

  @Sends('recordService', { creates: true })
  record(
    @Body() body: RecordService,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('recordService', body, request, reply);
  }
}
