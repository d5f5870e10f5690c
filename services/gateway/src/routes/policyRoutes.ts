import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ChangePolicy,
  POLICIES,
  POLICY_COMMANDS,
  type CommandAnswer,
  type PolicyName,
} from '@rapport/contracts';
import { notFound } from '@rapport/platform';
import type { FastifyReply } from 'fastify';
import { CommandGateway } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { Sends } from './sends.ts';

/** The handbooks' numbers and lists as versioned data. */
@ApiTags('policies')
@Controller('api/policies')
export class PolicyRoutes {
  constructor(private readonly commands: CommandGateway) {}

  @Sends([...new Set(Object.values(POLICY_COMMANDS))], { path: ':policy', method: 'PUT', ifMatch: true })
  change(
    @Body() body: ChangePolicy,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    const { policy } = request.params as { readonly policy: string };
    if (!Object.hasOwn(POLICIES, policy)) throw notFound('policy', 'policy');
    return this.commands.send(POLICY_COMMANDS[policy as PolicyName], body, request, reply, { ifMatch: true });
  }
}
