import { withFault, type WrongImplementation } from '@rapport/platform/conformance';
import type { Ledger } from '../../ledger/ledger.ts';
import type { MakeLedger } from '../ledgerConformance.ts';

export type WrongLedger = WrongImplementation<MakeLedger>;

/** A right ledger with a fault. @param faulty the members that are wrong; called once for each test */
export function wrongLedger(
  fault: string,
  faulty: (right: Ledger) => Partial<Ledger>,
  ...rejectedBy: readonly string[]
): WrongLedger {
  const make =
    (right: MakeLedger): MakeLedger =>
    async () => {
      const harness = await right();
      return { ...harness, ledger: withFault(harness.ledger, faulty(harness.ledger)) };
    };
  return { fault, make, rejectedBy };
}
