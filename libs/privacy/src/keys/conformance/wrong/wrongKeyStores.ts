import { WRONG_BINDING } from './wrongBinding.ts';
import { WRONG_DESTRUCTION } from './wrongDestruction.ts';
import { WRONG_KEYS } from './wrongKeys.ts';
import type { WrongKeyStore } from './wrongKeyStore.ts';

/** Key stores with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_KEY_STORES: readonly WrongKeyStore[] = [
  ...WRONG_KEYS,
  ...WRONG_DESTRUCTION,
  ...WRONG_BINDING,
];
