import { isRole, type Actor } from '@rapport/contracts';
import { Problem, systemClock, type CacheBudget, type Clock } from '@rapport/platform';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { invalidToken, type Authentication } from './authentication.ts';
import { TokenCache } from './tokenCache.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's keys: where they are published, or themselves. */
  readonly keys: URL | JSONWebKeySet;
  /** Claim with the roles, dots for depth: `realm_access.roles`. Default `roles`. */
  readonly rolesClaim?: string;
  /** Opaque id of a subject, which may be an e-mail address: derived in a secret namespace. */
  readonly actorId: (subject: string) => string;
  /** Where verified tokens are kept. */
  readonly caches: CacheBudget;
  readonly clock?: Clock;
  /** Told once when the issuer's keys cannot be read, and why, and once when they can be again. */
  readonly keysChanged?: (reason: string | undefined) => void;
}

/** No HMAC: what verifies must not be able to sign. */
const ALGORITHMS = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/** Bearer tokens of an OpenID Connect provider. */
export class OidcAuthentication implements Authentication {
  private readonly clock: Clock;
  private readonly tokens: TokenCache;
  private readonly keys: JWTVerifyGetKey;
  private keysAway = false;

  constructor(private readonly options: OidcOptions) {
    this.clock = options.clock ?? systemClock;
    this.tokens = new TokenCache(this.clock, options.caches);
    this.keys =
      options.keys instanceof URL ? createRemoteJWKSet(options.keys) : createLocalJWKSet(options.keys);
  }

  authenticate(token: string): Actor | Promise<Actor> {
    return this.tokens.get(token) ?? this.verify(token);
  }

  private async verify(token: string): Promise<Actor> {
    const { issuer, audience, actorId, rolesClaim = 'roles' } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        currentDate: new Date(this.clock.now()),
        clockTolerance: 5,
        requiredClaims: ['sub', 'exp'],
      });
      this.noteKeys(undefined);
      const actor = { id: actorId(payload.sub!), roles: rolesOf(payload, rolesClaim) };
      return this.tokens.keep(token, actor, payload.exp!);
    } catch (cause) {
      if (isOfTheToken(cause)) throw invalidToken(cause);
      this.noteKeys(cause);
      throw keysMissing(cause);
    }
  }

  private noteKeys(failure: unknown): void {
    if ((failure !== undefined) === this.keysAway) return;
    this.keysAway = !this.keysAway;
    this.options.keysChanged?.(failure === undefined ? undefined : reasonOf(failure));
  }
}

/** Roles that we know; others belong to other systems. */
function rolesOf(payload: JWTPayload, claim: string): readonly string[] {
  let value: unknown = payload;
  for (const name of claim.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  const named = typeof value === 'string' ? value.split(' ') : value;
  return Array.isArray(named)
    ? named.filter((role): role is string => typeof role === 'string' && isRole(role))
    : [];
}

/** Whether it is the token that is wrong, and not that the issuer's keys could not be fetched. */
function isOfTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return (
    error.code !== 'ERR_JOSE_GENERIC' &&
    error.code !== 'ERR_JWKS_TIMEOUT' &&
    error.code !== 'ERR_JWKS_INVALID'
  );
}

/** With what fetch hides behind «fetch failed»: a certificate, a name, a port. */
function reasonOf(failure: unknown): string {
  const { message, cause } = failure as {
    readonly message?: string;
    readonly cause?: Partial<NodeJS.ErrnoException>;
  };
  const behind = cause?.message || cause?.code;
  return [message ?? String(failure), ...(behind ? [behind] : [])].join(': ');
}

function keysMissing(cause: unknown): Problem {
  return new Problem(
    {
      kind: 'unavailable',
      detail: 'The keys of the identity provider cannot be read right now.',
      retryAfter: 5,
    },
    { cause },
  );
}
