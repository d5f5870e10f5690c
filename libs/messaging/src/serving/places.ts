import type { WaitingPlace } from '@rapport/platform';
import { Admission, type AdmissionLimits } from './admission.ts';

/** In the extras of a message pattern: handlers that wait for something to happen, and so take no one's place. */
export interface Waiting {
  readonly waits: true;
}

export const DEFAULT_LIMITS: AdmissionLimits = { running: 256, waiting: 1_024 };

/** Those who wait for something to happen have places of their own, as many as there are requests under way. */
export class Places {
  readonly working: Admission;
  readonly waiting: Admission;

  constructor(name: string, limits: AdmissionLimits) {
    this.working = new Admission(name, limits);
    this.waiting = new Admission(`${name} (following)`, {
      running: limits.running + limits.waiting,
      waiting: 0,
    });
  }

  get all(): readonly WaitingPlace[] {
    return [this.working, this.waiting];
  }

  get size(): number {
    return this.working.size + this.waiting.size;
  }

  /** Those for a handler with these extras. */
  of(extras: object | undefined): Admission {
    return (extras as Partial<Waiting> | undefined)?.waits === true ? this.waiting : this.working;
  }

  async idle(): Promise<void> {
    await Promise.all([this.working.idle(), this.waiting.idle()]);
  }
}
