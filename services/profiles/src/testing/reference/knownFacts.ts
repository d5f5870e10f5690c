import { dateOfDayNumber } from '@rapport/calendar';
import type { Purchase, StandingFacts, StrategicFlag } from '../../standing/standingFacts.ts';
import type { StandingChange } from '../../standingReview/standingChange.ts';

/** What is known after some changes. */
export interface KnownFacts {
  readonly facts: StandingFacts;
  readonly industry?: string;
}

/** the facts that changes leave, all of them gone through anew. */
export function knownFacts(changes: readonly StandingChange[]): KnownFacts {
  let profile: { readonly firstCooperationOn?: string; readonly industry?: string } = {};
  const purchases = new Map<string, Purchase>();
  const flags = new Map<string, StrategicFlag>();
  for (const change of changes) {
    const { recordedAt } = change;
    switch (change.kind) {
      case 'registered':
        profile = change;
        break;
      case 'purchase': {
        const { purchaseId, day, amountFen } = change;
        purchases.set(purchaseId, { purchasedOn: dateOfDayNumber(day), amountFen, recordedAt });
        break;
      }
      case 'voided':
        purchases.delete(change.purchaseId);
        break;
      case 'flagged':
        flags.set(change.designationId, { approvedAt: recordedAt, validUntil: change.validUntil });
        break;
      case 'unflagged': {
        const flag = flags.get(change.designationId);
        if (flag !== undefined) flags.set(change.designationId, { ...flag, endedAt: recordedAt });
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
