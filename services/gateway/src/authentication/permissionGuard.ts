import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isPermitted, type Actor, type Permission, type Role } from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import type { Authentication } from './authentication.ts';

const NEEDS = 'rapport:needs';

/** What a route asks of whoever calls it; a route without it is refused to everyone. */
export function Needs(permission: Permission | 'nothing'): MethodDecorator {
  return SetMetadata(NEEDS, permission);
}

/** Nest's injection token of the Authentication. */
export const AUTHENTICATION = Symbol('AUTHENTICATION');

/** The one place where permissions are enforced (design.md, «Security»). */
@Injectable()
export class PermissionGuard implements CanActivate {
  private readonly needs = new WeakMap<Function, Permission | 'nothing'>();

  constructor(
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const needed = this.needed(context.getHandler());
    if (needed === 'nothing') return true;
    if (this.options.accepting?.() === false) throw notReady();
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const actor = this.authentication.authenticate(bearerToken(request));
    return actor instanceof Promise
      ? actor.then((known) => admit(request, known, needed))
      : admit(request, actor, needed);
  }

  private needed(handler: Function): Permission | 'nothing' {
    let needed = this.needs.get(handler);
    if (needed === undefined) {
      needed = Reflect.getMetadata(NEEDS, handler) as Permission | 'nothing' | undefined;
      if (needed === undefined) throw new TypeError(`route ${handler.name} does not say what it needs`);
      this.needs.set(handler, needed);
    }
    return needed;
  }
}

function admit(request: GatewayRequest, actor: Actor, needed: Permission): boolean {
  if (!isPermitted(needed, actor.roles as readonly Role[])) {
    throw new Problem({
      kind: 'forbidden',
      detail: `This needs the permission ${needed}, which none of your roles has.`,
    });
  }
  request.actor = actor;
  return true;
}

function bearerToken(request: GatewayRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new Problem({
      kind: 'unauthenticated',
      detail: 'Send a bearer token in the header Authorization.',
    });
  }
  const match = /^Bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i.exec(authorization);
  if (match === null) {
    throw new Problem({
      kind: 'unauthenticated',
      detail: 'The header Authorization must be: Bearer <token>.',
    });
  }
  return match[1]!;
}

function notReady(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'Rapport is starting. Try again shortly.',
    retryAfter: 2,
  });
}
