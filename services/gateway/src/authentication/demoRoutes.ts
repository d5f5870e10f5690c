import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { answers as shapes, OneOf, ROLES, type Role } from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import type { FastifyRequest } from 'fastify';
import { answers } from '../documentation/answers.ts';
import { ApiProblems } from '../documentation/problems.ts';
import { DemoSignIn, type SignedIn } from './demoSignIn.ts';
import { isLoopback } from './loopback.ts';
import { Needs } from './permissionGuard.ts';

export class DemoRole {
  @OneOf(ROLES, { example: 'account-manager' })
  role!: Role;
}

/** The demo sign-in of standalone. */
@ApiTags('demo')
@Controller('demo')
export class DemoRoutes {
  constructor(private readonly demo: DemoSignIn) {}

  @Post('sign-in')
  @HttpCode(200)
  @Needs('nothing')
  @ApiOperation({ operationId: 'demoSignIn', summary: 'A bearer token for a role, on this machine only' })
  @ApiOkResponse({ ...answers(shapes.SignedIn), description: 'Its token' })
  @ApiProblems(400, 403, 413, 415, 429, 500, 503)
  signIn(@Body() { role }: DemoRole, @Req() request: FastifyRequest): Promise<SignedIn> {
    // A web page elsewhere may point a name of its own at this machine (DNS rebinding); its Host gives it away.
    if (!isLoopback(request.hostname)) {
      throw new Problem({
        kind: 'forbidden',
        detail: 'The demo sign-in answers on this machine’s own address only.',
      });
    }
    return this.demo.signIn(role);
  }
}
