import { dayNumberOf } from '@rapport/calendar';
import { profileEvents, type DataOf, type CurrentEvent } from '@rapport/contracts';
import { toMillis } from '@rapport/platform';
import { openAmount, type AmountOpener } from './amountOpener.ts';
import type { StandingChange } from './standingChange.ts';

const { CustomerRegistered, PurchaseRecorded, RefundRecorded, PurchaseVoided } = profileEvents;
const { StrategicDesignationApproved, StrategicDesignationEnded } = profileEvents;

/**
 * What a stored event says about a standing, its amount opened; undefined where it says nothing.
 *
 * @throws Problem `unavailable` while its key cannot be had
 */
export async function standingChangeOf(
  event: CurrentEvent,
  opener: AmountOpener,
): Promise<StandingChange | undefined> {
  const { type, data, origin } = event;
  const known = {
    index: event.index!,
    recordedAt: toMillis(event.recordedAt),
    imported: origin === 'import',
  };
  switch (type) {
    case CustomerRegistered.type: {
      const { firstCooperationOn, industry } = data as DataOf<typeof CustomerRegistered>;
      return {
        ...known,
        kind: 'registered',
        ...(firstCooperationOn !== undefined && { firstCooperationOn }),
        ...(industry !== undefined && { industry }),
      };
    }
    case PurchaseRecorded.type:
    case RefundRecorded.type: {
      const { purchaseId, purchasedOn } = data as DataOf<typeof PurchaseRecorded>;
      const amountFen = await openAmount(opener, event);
      return { ...known, kind: 'purchase', purchaseId, day: dayNumberOf(purchasedOn), amountFen };
    }
    case PurchaseVoided.type: {
      const { purchaseId } = data as DataOf<typeof PurchaseVoided>;
      return { ...known, kind: 'voided', purchaseId };
    }
    case StrategicDesignationApproved.type: {
      const { designationId, validUntil } = data as DataOf<typeof StrategicDesignationApproved>;
      return { ...known, kind: 'flagged', designationId, validUntil };
    }
    case StrategicDesignationEnded.type: {
      const { designationId } = data as DataOf<typeof StrategicDesignationEnded>;
      return { ...known, kind: 'unflagged', designationId };
    }
    default:
      return undefined;
  }
}
