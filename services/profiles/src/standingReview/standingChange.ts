import type { PlainDate } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Purchase, StandingFacts, StrategicFlag } from '../standing/standingFacts.ts';

/** One recorded event as far as standings follow from it, with its amount opened. */
export interface StandingChange {
  /** Index of the event in the log. */
  readonly index: number;
  /** When the ledger recorded it: from then on it was known. */
  readonly recordedAt: EpochMillis;
  /** Taken over from another system (origin `import`). */
  readonly imported: boolean;
  readonly what:
    | { readonly kind: 'registered'; readonly firstCooperationOn?: PlainDate; readonly industry?: string }
    | { readonly kind: 'purchase'; readonly purchaseId: string; readonly purchase: Purchase }
    | { readonly kind: 'voided'; readonly purchaseId: string }
    | { readonly kind: 'flagged'; readonly designationId: string; readonly flag: StrategicFlag }
    | { readonly kind: 'unflagged'; readonly designationId: string };
}

/** What is known after some changes. */
export interface KnownFacts {
  readonly facts: StandingFacts;
  /** GB/T 4754 code of the customer. */
  readonly industry?: string;
}

/** the facts that changes leave, in order of index. A voided purchase is not among them: it never counted. */
export function knownFacts(changes: readonly StandingChange[]): KnownFacts {
  let profile: { readonly firstCooperationOn?: PlainDate; readonly industry?: string } = {};
  const purchases = new Map<string, Purchase>();
  const flags = new Map<string, StrategicFlag>();
  for (const { what, recordedAt } of changes) {
    switch (what.kind) {
      case 'registered':
        profile = what;
        break;
      case 'purchase':
        purchases.set(what.purchaseId, what.purchase);
        break;
      case 'voided':
        purchases.delete(what.purchaseId);
        break;
      case 'flagged':
        flags.set(what.designationId, what.flag);
        break;
      case 'unflagged': {
        const flag = flags.get(what.designationId);
        // A request that was turned down never was a flag.
        if (flag !== undefined) flags.set(what.designationId, { ...flag, endedAt: recordedAt });
        break;
      }
    }
  }
  const { firstCooperationOn, industry } = profile;
  return {
    facts: {
      ...(firstCooperationOn !== undefined && { firstCooperationOn }),
      purchases: [...purchases.values()],
      flags: [...flags.values()],
    },
    ...(industry !== undefined && { industry }),
  };
}
