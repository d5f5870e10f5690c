import { COMMANDS, type Make, type Making } from './commandRequests.ts';
import type { CustomerBase } from './customerBase.ts';
import { IMPORTS } from './importRequests.ts';
import { QUERIES } from './queryRequests.ts';
import { daysAgo, minutesAgo } from './days.ts';
import type { SoakRequest } from './request.ts';
import type { Seeded } from './seeded.ts';
import { MIX, POLICY_CHANGES, type MixKind } from './weights.ts';

/** Minutes: at least one, and longer than it may take until the request is answered. */
const EFFECTIVE_AFTER = 4;

const KINDS: Readonly<Record<MixKind, Make>> = { ...COMMANDS, ...IMPORTS, ...QUERIES };

/** Draws request after request from the mix, the same ones for the same seed and the same answers. */
export class NextRequest {
  private number = 0;

  /** @param run distinguishes keys and names of runs on the same log */
  constructor(
    private readonly base: CustomerBase,
    private readonly random: Seeded,
    private readonly run: string,
  ) {}

  draw(): SoakRequest {
    for (let tries = 0; tries < 20; tries += 1) {
      const made = KINDS[this.random.weighted(MIX).kind](this.making());
      if (made !== undefined) return made;
    }
    // Nobody is known yet.
    return COMMANDS.registerCustomer(this.making());
  }

  /** The change of a policy; it takes effect some minutes later. */
  policyChange({ policy, value }: (typeof POLICY_CHANGES)[number]): SoakRequest {
    return {
      kind: 'changePolicy',
      group: 'command',
      role: 'manager',
      method: 'PUT',
      path: `/api/policies/${policy}`,
      key: this.making().key,
      body: { value, effectiveFrom: minutesAgo(-EFFECTIVE_AFTER), reason: daysAgo(0) },
      effect: { event: 'PolicyChanged' },
    };
  }

  private making(): Making {
    const { base, random } = this;
    const number = (this.number += 1);
    return { base, random, number, key: `${this.run}-${number}` };
  }
}
