import type { Actor } from '@rapport/contracts';
import { Problem } from '@rapport/platform';

/** Says whose bearer token it is. */
export interface Authentication {
  /**
   * @returns the actor: an opaque id and known roles only
   * @throws Problem `unauthenticated`, or `unavailable` when it cannot be known
   */
  authenticate(token: string): Actor | Promise<Actor>;
}

export function invalidToken(cause?: unknown): Problem {
  return new Problem(
    { kind: 'unauthenticated', detail: 'The bearer token is not valid, or has expired. Sign in again.' },
    { cause },
  );
}
