import type { Actor } from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import type { Authentication } from './authentication.ts';

/** Accepts what any of several accepts, asked in order. */
export class AnyOf implements Authentication {
  constructor(private readonly several: readonly Authentication[]) {}

  async authenticate(token: string): Promise<Actor> {
    let refused: unknown;
    for (const one of this.several) {
      try {
        return await one.authenticate(token);
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'unauthenticated') throw error;
        refused = error;
      }
    }
    throw refused;
  }
}
