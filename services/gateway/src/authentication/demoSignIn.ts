import { isRole, type Actor, type Role } from '@rapport/contracts';
import { systemClock, type CacheBudget, type Clock } from '@rapport/platform';
import { jwtVerify, SignJWT } from 'jose';
import { demoActor } from './demoActor.ts';
import { invalidToken, type Authentication } from './authentication.ts';
import { TokenCache } from './tokenCache.ts';

export interface DemoOptions {
  /** 32 random bytes of this process or its data folder: whoever has them can act in any role. */
  readonly key: Uint8Array;
  /** Also where others than this machine reach it: whoever starts it says that it is a demo and nothing else. */
  readonly anywhere?: boolean;
}

export interface SignedIn {
  readonly token: string;
  /** Seconds until it expires. */
  readonly expiresIn: number;
}

const ISSUER = 'rapport-demo';
const AUDIENCE = 'rapport';
const LIFETIME_S = 12 * 60 * 60;

/** Standalone's own sign-in: a token for any role, for whoever reaches the loopback address. */
export class DemoSignIn implements Authentication {
  private readonly tokens: TokenCache;

  constructor(
    private readonly options: DemoOptions,
    caches: CacheBudget,
    private readonly clock: Clock = systemClock,
  ) {
    this.tokens = new TokenCache(clock, caches);
  }

  async signIn(role: Role): Promise<SignedIn> {
    const actor = demoActor(role);
    const now = Math.floor(this.clock.now() / 1000);
    const token = await new SignJWT({ roles: actor.roles })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(actor.id)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_S)
      .sign(this.options.key);
    return { token, expiresIn: LIFETIME_S };
  }

  authenticate(token: string): Actor | Promise<Actor> {
    return this.tokens.get(token) ?? this.verify(token);
  }

  private async verify(token: string): Promise<Actor> {
    try {
      const { payload } = await jwtVerify<{ roles: string[] }>(token, this.options.key, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ['HS256'],
        currentDate: new Date(this.clock.now()),
        requiredClaims: ['sub', 'exp', 'roles'],
      });
      const actor = { id: payload.sub!, roles: payload.roles.filter(isRole) };
      return this.tokens.keep(token, actor, payload.exp!);
    } catch (cause) {
      throw invalidToken(cause);
    }
  }
}
