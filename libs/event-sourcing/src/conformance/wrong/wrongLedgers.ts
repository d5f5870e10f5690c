import type { WrongLedger } from './wrongLedger.ts';
import { WRONG_FOLLOWING, WRONG_READING } from './wrongReading.ts';
import { WRONG_RECORDING } from './wrongRecording.ts';

/** Ledgers with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_LEDGERS: readonly WrongLedger[] = [
  ...WRONG_RECORDING,
  ...WRONG_READING,
  ...WRONG_FOLLOWING,
];
