import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { systemClock } from '@rapport/platform';
import { AnyOf } from './authentication/anyOf.ts';
import type { Authentication } from './authentication/authentication.ts';
import { DemoRoutes } from './authentication/demoRoutes.ts';
import { DemoSignIn } from './authentication/demoSignIn.ts';
import { AUTHENTICATION, PermissionGuard } from './authentication/permissionGuard.ts';
import { GATEWAY_OPTIONS, type GatewayOptions } from './gatewayOptions.ts';
import { GatewayValidationPipe } from './intake/gatewayValidationPipe.ts';
import { HttpProblemFilter } from './problems/httpProblemFilter.ts';
import { RouteTable } from './problems/routeTable.ts';
import { CommandGateway } from './requests/commandGateway.ts';
import { ImportGateway } from './requests/importGateway.ts';
import { QueryGateway } from './requests/queryGateway.ts';
import { CampaignRoutes } from './routes/campaignRoutes.ts';
import { CustomerRoutes } from './routes/customerRoutes.ts';
import { EventRoutes } from './routes/eventRoutes.ts';
import { HealthRoutes } from './routes/healthRoutes.ts';
import { ImportRoutes } from './routes/importRoutes.ts';
import { ParkedRoutes } from './routes/parkedRoutes.ts';
import { PolicyRoutes } from './routes/policyRoutes.ts';
import { ProjectionRoutes } from './routes/projectionRoutes.ts';
import { RiskRoutes } from './routes/riskRoutes.ts';
import { SatisfactionRoutes } from './routes/satisfactionRoutes.ts';
import { ServiceRecordRoutes } from './routes/serviceRecordRoutes.ts';
import { TicketRoutes } from './routes/ticketRoutes.ts';
import { TierRoutes } from './routes/tierRoutes.ts';

/** Every controller but the demo's. */
export const ROUTES = [
  CustomerRoutes,
  TierRoutes,
  TicketRoutes,
  ServiceRecordRoutes,
  SatisfactionRoutes,
  RiskRoutes,
  PolicyRoutes,
  EventRoutes,
  ProjectionRoutes,
  ParkedRoutes,
  CampaignRoutes,
  ImportRoutes,
  HealthRoutes,
] as const;

/** The gateway: HTTP to messages and back, and nothing else. */
@Module({})
export class GatewayModule {
  static with(options: GatewayOptions): DynamicModule {
    const { demo, authentication, caches, clock = systemClock } = options;
    const signIn = demo === undefined ? undefined : new DemoSignIn(demo, caches, clock);
    const providers: Provider[] = [
      { provide: GATEWAY_OPTIONS, useValue: options },
      { provide: AUTHENTICATION, useValue: authenticationOf(authentication, signIn) },
      CommandGateway,
      QueryGateway,
      ImportGateway,
      RouteTable,
      HttpProblemFilter,
      { provide: APP_GUARD, useClass: PermissionGuard },
      { provide: APP_PIPE, useClass: GatewayValidationPipe },
      { provide: APP_FILTER, useExisting: HttpProblemFilter },
    ];
    if (signIn !== undefined) providers.push({ provide: DemoSignIn, useValue: signIn });
    return {
      module: GatewayModule,
      controllers: [...ROUTES, ...(signIn === undefined ? [] : [DemoRoutes])],
      providers,
    };
  }
}

function authenticationOf(own: Authentication | undefined, demo: Authentication | undefined): Authentication {
  if (own !== undefined && demo !== undefined) return new AnyOf([own, demo]);
  const one = own ?? demo;
  if (one === undefined) throw new TypeError('the gateway needs an authentication or the demo sign-in');
  return one;
}
