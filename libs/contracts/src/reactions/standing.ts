import { PolicyChanged } from '../events/ledger.ts';
import * as profiles from '../events/profiles.ts';

/**
 * The reaction that decides tier and segment: its name, and the events that it follows from. A query that
 * waits for one of these events waits for what follows from it too.
 */
export const STANDING_REACTION = {
  name: 'standing',
  version: 1,
  triggers: [
    profiles.CustomerRegistered.type,
    profiles.PurchaseRecorded.type,
    profiles.RefundRecorded.type,
    profiles.PurchaseVoided.type,
    profiles.StrategicDesignationApproved.type,
    profiles.StrategicDesignationEnded.type,
    PolicyChanged.type,
  ] as readonly string[],
} as const;
