import { Body, Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AnswerSurvey,
  Page,
  PlanImprovement,
  ReceiveFeedback,
  SummariseSatisfaction,
  type CommandAnswer,
} from '@rapport/contracts';
import type { FastifyReply } from 'fastify';
import { CommandGateway } from '../requests/commandGateway.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { QueryGateway } from '../requests/queryGateway.ts';
import { Asks } from './asks.ts';
import { Sends } from './sends.ts';

/** Surveys, feedback and improvement (满意度与改进). */
@ApiTags('satisfaction')
@Controller('api')
export class SatisfactionRoutes {
  constructor(
    private readonly commands: CommandGateway,
    private readonly queries: QueryGateway,
  ) {}

  @Sends('answerSurvey', { path: 'surveys/answers', creates: true })
  answer(
    @Body() body: AnswerSurvey,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('answerSurvey', body, request, reply);
  }

  @Sends('receiveFeedback', { path: 'feedback', creates: true })
  feedback(
    @Body() body: ReceiveFeedback,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('receiveFeedback', body, request, reply);
  }

  @Sends('planImprovement', { path: 'improvements', creates: true })
  improvement(
    @Body() body: PlanImprovement,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer> {
    return this.commands.send('planImprovement', body, request, reply);
  }

  @Asks('satisfaction.summary', { path: 'satisfaction/summary' })
  summary(
    @Query() query: SummariseSatisfaction,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('satisfaction.summary', query, request, reply);
  }

  @Asks('improvements.list', { path: 'improvements' })
  improvements(
    @Query() query: Page,
    @Req() request: GatewayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.queries.ask('improvements.list', query, request, reply);
  }
}
