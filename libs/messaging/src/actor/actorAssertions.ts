import type { Actor } from '@rapport/contracts';
import { Problem, systemClock, type CacheBudget, type CacheShelf, type Clock } from '@rapport/platform';
import { errors, jwtVerify, SignJWT, type CryptoKey, type JWTVerifyGetKey } from 'jose';

const ISSUER = 'rapport-gateway';
const LIFETIME_MS = 60_000;
/** Signed anew when this much of its life is left, so that it outlives the command that carries it. */
const RESERVE_MS = 30_000;
/** By how much the clocks of two machines may differ. Beyond, nobody's commands are taken, and they are told why. */
const CLOCKS_APART_MS = 15 * 60_000;

export interface AssertionKeys {
  /** Absent where actors are only verified. */
  readonly sign?: CryptoKey;
  /** Names the signing key, where there are several. */
  readonly kid?: string;
  /** Absent where actors are only asserted. A function finds the key by its `kid`. */
  readonly verify?: CryptoKey | JWTVerifyGetKey;
}

/**
 * Signed, short-lived statements of the gateway about who acts (Ed25519, 60 s, and 15 minutes for clocks that differ).
 * Services hand them on, the ledger verifies them. They run on the system's time, also while the demo moves the
 * business clock.
 */
export class ActorAssertions {
  private readonly signed: CacheShelf<{ assertion: string; expires: number }>;
  private readonly verified: CacheShelf<{ actor: Actor; expires: number }>;

  constructor(
    private readonly keys: AssertionKeys,
    caches: CacheBudget,
    private readonly clock: Clock = systemClock,
  ) {
    this.signed = caches.shelf('assertions');
    this.verified = caches.shelf('assertions');
  }

  async assert(actor: Actor): Promise<string> {
    const { sign, kid } = this.keys;
    if (sign === undefined) throw new TypeError('this process has no key to assert actors with');
    const now = this.clock.now();
    const who = JSON.stringify([actor.id, actor.roles]);
    const known = this.signed.get(who);
    const left = known === undefined ? 0 : known.expires - now;
    // More than its life: the clock was stepped back.
    if (left > RESERVE_MS && left <= LIFETIME_MS) return known!.assertion;
    const expires = now + LIFETIME_MS;
    const assertion = await new SignJWT({ roles: actor.roles })
      .setProtectedHeader({ alg: 'EdDSA', ...(kid !== undefined && { kid }) })
      .setIssuer(ISSUER)
      .setSubject(actor.id)
      .setExpirationTime(Math.floor(expires / 1000))
      .sign(sign);
    this.signed.set(who, { assertion, expires });
    return assertion;
  }

  /** @throws Problem `unauthenticated` when it is not the gateway's; `unavailable` when it is, but its time is over */
  async verify(assertion: string): Promise<Actor> {
    const { verify } = this.keys;
    if (verify === undefined) throw new TypeError('this process has no key to verify actors with');
    const known = this.verified.get(assertion);
    if (known !== undefined && known.expires > this.clock.now()) return known.actor;
    try {
      const options = {
        issuer: ISSUER,
        algorithms: ['EdDSA'],
        currentDate: new Date(this.clock.now()),
        clockTolerance: CLOCKS_APART_MS / 1_000,
        requiredClaims: ['sub', 'exp', 'roles'],
      };
      const { payload } = await (typeof verify === 'function'
        ? jwtVerify<{ roles: string[] }>(assertion, verify, options)
        : jwtVerify<{ roles: string[] }>(assertion, verify, options));
      const actor = { id: payload.sub!, roles: payload.roles };
      this.verified.set(assertion, { actor, expires: payload.exp! * 1_000 + CLOCKS_APART_MS });
      return actor;
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) {
        throw new Problem(
          {
            kind: 'unavailable',
            detail:
              'Its time was over before it was recorded, or the clocks of the services differ by more than 15 minutes. Send it again; where that lasts, set their clocks.',
            retryAfter: 1,
          },
          { cause },
        );
      }
      throw new Problem(
        {
          kind: 'unauthenticated',
          detail: 'The statement about who acts is not of this installation. Sign in again.',
        },
        { cause },
      );
    }
  }
}
