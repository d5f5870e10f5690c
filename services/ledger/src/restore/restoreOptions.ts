import { readFileSync } from 'node:fs';
import { UsageError } from '@rapport/hosting';
import { parseErasedPersons, type ErasedPerson } from './erasedPersons.ts';

/** Options that every form of the restore takes, for `parseArgs`. */
export const RESTORE_OPTIONS = {
  erased: { type: 'string' },
  'keys-of': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const RESTORE_USAGE = `  --erased FILE    erase again who was erased after the backup: a line each, "<customerId> <personId>"
  --keys-of LOGID  the keys are bound to this log, which came of the same older one as the backup`;

/** @throws UsageError, and the system's error where the list cannot be read */
export function readRestoreOptions(values: { readonly erased?: string; readonly 'keys-of'?: string }): {
  readonly erased: readonly ErasedPerson[];
  readonly keysOf?: string;
} {
  const { erased, 'keys-of': keysOf } = values;
  if (erased === '') throw new UsageError('--erased must name a file');
  if (keysOf === '') throw new UsageError('--keys-of must be the id of a log');
  return {
    erased: erased === undefined ? [] : parseErasedPersons(readFileSync(erased, 'utf8')),
    ...(keysOf !== undefined && { keysOf }),
  };
}
