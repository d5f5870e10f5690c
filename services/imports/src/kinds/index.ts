import type { ImportKind } from '../importKind.ts';
import { customers } from './customers.ts';
import { feedbackImprovements } from './feedbackImprovements.ts';
import { improvementMeasures } from './improvementMeasures.ts';
import { purchases } from './purchases.ts';
import { serviceRecords } from './serviceRecords.ts';

/** Kinds of files that can be imported, by name. */
export const IMPORT_KINDS: ReadonlyMap<string, ImportKind> = new Map(
  [serviceRecords, feedbackImprovements, improvementMeasures, customers, purchases].map((kind) => [
    kind.name,
    kind,
  ]),
);
