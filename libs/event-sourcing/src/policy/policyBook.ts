import {
  defaultVersion,
  ledgerEvents,
  POLICIES,
  policyAt,
  streamName,
  type DataOf,
  type PolicyDefinition,
  type PolicyName,
  type PolicyValue,
  type PolicyVersion,
  type RecordedEvent,
} from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';

type Versions = Map<string, PolicyVersion[]>;

/** Stream of a policy's versions; its revision is the version less 2, since version 1 is the default. */
export function policyStream(policy: PolicyName): string {
  return streamName('policy', policy);
}

/** All versions of the policies that a service decides by, kept up to date from the log. */
export class PolicyBook {
  /** Whose events it must see. */
  static readonly categories = ['policy'] as const;
  private readonly versions: Versions = new Map();

  constructor(private readonly ledger: Ledger) {
    for (const definition of Object.values(POLICIES) as PolicyDefinition[]) {
      this.versions.set(definition.name, [defaultVersion(definition)]);
    }
  }

  /** Reads what was recorded; call before the first decision. */
  async load(): Promise<void> {
    for (const name of Object.keys(POLICIES) as PolicyName[]) {
      await this.observe(await this.ledger.readStream(policyStream(name), 0));
    }
  }

  observe(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (event.type !== ledgerEvents.PolicyChanged.type) continue;
      const { policy, version, effectiveFrom, value } = event.data as unknown as DataOf<
        typeof ledgerEvents.PolicyChanged
      >;
      const known = this.versions.get(policy);
      if (known === undefined || known.some((other) => other.version === version)) continue;
      known.push({ name: policy, version, effectiveFrom, value });
    }
  }

  all<Name extends PolicyName>(name: Name): readonly PolicyVersion<PolicyValue<Name>>[] {
    return this.versions.get(name)! as PolicyVersion<PolicyValue<Name>>[];
  }

  at<Name extends PolicyName>(name: Name, instant: EpochMillis): PolicyVersion<PolicyValue<Name>> {
    return policyAt(this.all(name), toInstant(instant));
  }
}
