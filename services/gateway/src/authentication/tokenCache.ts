import type { Actor } from '@rapport/contracts';
import type { Clock, EpochMillis } from '@rapport/platform';
import { LRUCache } from 'lru-cache';

/** Verified tokens until they expire: verifying a signature on every request would cost more than the command. */
export class TokenCache {
  private readonly known = new LRUCache<string, { readonly actor: Actor; readonly expires: EpochMillis }>({
    max: 10_000,
  });

  constructor(private readonly clock: Clock) {}

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
