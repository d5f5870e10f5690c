import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { answers as shapes } from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { Needs } from '../authentication/permissionGuard.ts';
import { answers } from '../documentation/answers.ts';
import { ApiProblems } from '../documentation/problems.ts';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';

/** For whoever runs the process: lives it, and does it take work? */
@ApiTags('health')
@Controller('health')
export class HealthRoutes {
  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {}

  @Get('live')
  @Needs('nothing')
  @ApiOperation({ operationId: 'getLiveness', summary: 'The process runs' })
  @ApiOkResponse({ ...answers(shapes.Health), description: 'It does' })
  @ApiProblems(429)
  live(): object {
    return { status: 'up' };
  }

  @Get('ready')
  @Needs('nothing')
  @ApiOperation({ operationId: 'getReadiness', summary: 'It takes work; 503 while it does not' })
  @ApiOkResponse({ ...answers(shapes.Health), description: 'It does' })
  @ApiServiceUnavailableResponse({ ...answers(shapes.Health), description: 'It does not, yet or any more' })
  @ApiProblems(429)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { ready, parts = {} } = await this.options.readiness().catch(() => ({ ready: false, parts: {} }));
    const accepting = this.options.accepting?.() !== false;
    if (ready && accepting) return { status: 'up', parts };
    reply.code(503).header('retry-after', '2');
    return { status: 'down', parts };
  }
}
