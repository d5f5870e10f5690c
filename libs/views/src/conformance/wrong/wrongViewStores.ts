import { WRONG_CONTROLS } from './wrongControls.ts';
import { WRONG_CONDITIONS } from './wrongConditions.ts';
import { WRONG_DOCUMENTS } from './wrongDocuments.ts';
import { WRONG_LIFE } from './wrongLife.ts';
import { WRONG_PAGES } from './wrongPages.ts';
import { WRONG_UPKEEP } from './wrongUpkeep.ts';
import { WRONG_VERSIONS } from './wrongVersions.ts';
import type { WrongViewStore } from './wrongViewStore.ts';

/** View stores with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_VIEW_STORES: readonly WrongViewStore[] = [
  ...WRONG_DOCUMENTS,
  ...WRONG_UPKEEP,
  ...WRONG_CONDITIONS,
  ...WRONG_PAGES,
  ...WRONG_VERSIONS,
  ...WRONG_CONTROLS,
  ...WRONG_LIFE,
];
