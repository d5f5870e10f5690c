import {
  categoryOf,
  defaultVersion,
  isUnreadable,
  ledgerEvents,
  POLICIES,
  policyAt,
  streamName,
  type DataOf,
  type PolicyDefinition,
  type PolicyName,
  type PolicyValue,
  type PolicyVersion,
  type ReadEvent,
  type UnreadableEvent,
} from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';
import { UnreadableStream } from '../ledger/unreadableStream.ts';

type Versions = Map<string, PolicyVersion[]>;

/** Stream of a policy's versions; its revision is the version less 2, since version 1 is the default. */
export function policyStream(policy: PolicyName): string {
  return streamName('policy', policy);
}

/**
 * All versions of the policies that a service decides by, kept up to date from the log. Where one of a policy's versions
 * cannot be read, nobody knows from when on it counts: what needs that policy is not decided, all else is.
 */
export class PolicyBook {
  /** Whose events it must see. */
  static readonly categories = ['policy'] as const;
  private readonly versions: Versions = new Map();
  /** By stream. */
  private readonly unreadable = new Map<string, UnreadableEvent>();

  /** @param found told of a version that cannot be read, where reading finds it; a follower tells of those that come */
  constructor(
    private readonly ledger: Ledger,
    private readonly found: (event: UnreadableEvent) => void,
  ) {
    for (const definition of Object.values(POLICIES) as PolicyDefinition[]) {
      this.versions.set(definition.name, [defaultVersion(definition)]);
    }
  }

  /** Reads what was recorded; call before the first decision. */
  async load(): Promise<void> {
    for (const name of Object.keys(POLICIES) as PolicyName[]) {
      try {
        this.observe(await this.ledger.readStream(policyStream(name), 0));
      } catch (error) {
        if (!(error instanceof UnreadableStream)) throw error;
        if (!this.unreadable.has(error.event.stream)) this.found(error.event);
        this.observe([error.event]);
      }
    }
  }

  observe(events: readonly ReadEvent[]): void {
    for (const event of events) {
      if (isUnreadable(event)) {
        if (categoryOf(event.stream) === 'policy') this.unreadable.set(event.stream, event);
        continue;
      }
      if (event.type !== ledgerEvents.PolicyChanged.type) continue;
      const { policy, version, effectiveFrom, value } = event.data as unknown as DataOf<
        typeof ledgerEvents.PolicyChanged
      >;
      const known = this.versions.get(policy);
      if (known === undefined || known.some((other) => other.version === version)) continue;
      known.push({ name: policy, version, effectiveFrom, value });
    }
  }

  /** @throws UnreadableStream where a version of this policy cannot be read */
  all<Name extends PolicyName>(name: Name): readonly PolicyVersion<PolicyValue<Name>>[] {
    const unreadable = this.unreadable.get(policyStream(name));
    if (unreadable !== undefined) throw new UnreadableStream(unreadable);
    return this.versions.get(name)! as PolicyVersion<PolicyValue<Name>>[];
  }

  /** @throws UnreadableStream as `all` */
  at<Name extends PolicyName>(name: Name, instant: EpochMillis): PolicyVersion<PolicyValue<Name>> {
    return policyAt(this.all(name), toInstant(instant));
  }
}
