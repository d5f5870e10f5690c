import type { Actor } from '@rapport/contracts';
import type { CacheBudget, CacheShelf, Clock, EpochMillis } from '@rapport/platform';

/** Verified tokens until they expire: verifying a signature on every request would cost more than the command. */
export class TokenCache {
  private readonly known: CacheShelf<{ readonly actor: Actor; readonly expires: EpochMillis }>;

  constructor(
    private readonly clock: Clock,
    caches: CacheBudget,
  ) {
    this.known = caches.shelf('tokens');
  }

  get(token: string): Actor | undefined {
    const known = this.known.get(token);
    return known !== undefined && known.expires > this.clock.now() ? known.actor : undefined;
  }

  /** @param expires the token's `exp`, in seconds */
  keep(token: string, actor: Actor, expires: number): Actor {
    this.known.set(token, { actor, expires: expires * 1000 });
    return actor;
  }
}
