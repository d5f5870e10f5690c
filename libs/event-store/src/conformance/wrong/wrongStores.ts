import { WRONG_APPENDING } from './wrongAppending.ts';
import { WRONG_CLOSING, WRONG_FOLLOWING } from './wrongFollowing.ts';
import { WRONG_COUNTING, WRONG_READING } from './wrongReading.ts';
import { WRONG_REFUSING } from './wrongRefusing.ts';
import { WRONG_REPEATING } from './wrongRepeating.ts';
import type { WrongStore } from './wrongStore.ts';

/** Event stores with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_STORES: readonly WrongStore[] = [
  ...WRONG_APPENDING,
  ...WRONG_REPEATING,
  ...WRONG_REFUSING,
  ...WRONG_COUNTING,
  ...WRONG_READING,
  ...WRONG_FOLLOWING,
  ...WRONG_CLOSING,
];
