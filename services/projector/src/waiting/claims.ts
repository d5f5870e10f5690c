import type { MonotonicClock } from '@rapport/platform';

/** How long what was handed out to one is kept from others, in ms: longer than it takes to settle a page. */
export const CLAIM_MS = 30_000;

interface Claim {
  readonly by: string;
  readonly until: number;
}

/**
 * What was handed out to whom, so that replicas that sweep at the same time take up different things. In memory and of
 * one projector only: what two of them take up all the same is settled once. Whoever ends without settling what it
 * took loses its claim after half a minute.
 */
export class Claims {
  /** In the order in which they end. */
  private readonly claims = new Map<string, Claim>();

  constructor(private readonly clock: MonotonicClock) {}

  /** @returns false where another one has it */
  take(key: string, by: string): boolean {
    const now = this.clock.now();
    this.forget(now);
    const claim = this.claims.get(key);
    if (claim !== undefined && claim.by !== by) return false;
    this.claims.delete(key);
    this.claims.set(key, { by, until: now + CLAIM_MS });
    return true;
  }

  private forget(now: number): void {
    for (const [key, { until }] of this.claims) {
      if (until > now) return;
      this.claims.delete(key);
    }
  }
}
