import { Problem } from '@rapport/platform';
import type { ImportKind } from './importKind.ts';
import type { ImportRow } from './importRow.ts';
import type { ImportTarget } from './importTarget.ts';
import { RowError } from './rowError.ts';

/**
 * The refusal of a row that was taken over before with other content, in the words of the file: which columns say
 * something else, and what stands there. Any other refusal as it is.
 */
export async function recordedBefore(
  refused: unknown,
  kind: ImportKind,
  { values }: ImportRow,
  target: ImportTarget,
): Promise<unknown> {
  if (!(refused instanceof Problem) || refused.kind !== 'idempotency-key-reused') return refused;
  const { recorded } = refused.details;
  const key = kind.businessKey?.(values);
  if (recorded === undefined || key === undefined || kind.columnsOf === undefined) return refused;
  const data = await target.recordedAt(recorded).catch((error: unknown) => {
    if (error instanceof Problem && error.kind !== 'unavailable') return undefined;
    throw error;
  });
  // The importer may not read that record: only that it stands there is told.
  if (data === undefined) return refused;
  const stands = kind.columnsOf(data);
  const shown = kind.columns.flatMap(({ name, headers }) =>
    stands[name] === undefined ? [] : [`${headers[0]} ${shownAs(stands[name])}`],
  );
  return new RowError(
    `${headerOf(kind, key)} ${values[key]}`,
    `was taken over before as ${shown.join(', ')}; this row says something else. ` +
      `Correct the record there, or give the row a ${headerOf(kind, key)} of its own`,
  );
}

/** Text as it stands there; what the importer may not see says so. */
function shownAs(value: unknown): string {
  return typeof value === 'string' ? value : '(hidden from your role)';
}

function headerOf({ columns }: ImportKind, name: string): string {
  return columns.find((column) => column.name === name)!.headers[0]!;
}
