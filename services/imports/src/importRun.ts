import { derivedId } from '@rapport/contracts';
import { notBegun, Problem, type Wanted } from '@rapport/platform';
import type { ImportCommand, ImportContext, ImportKind } from './importKind.ts';
import type { ImportRow } from './importRow.ts';
import type { ImportTarget } from './importTarget.ts';
import { recordedBefore } from './recordedBefore.ts';
import { RowError } from './rowError.ts';

export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

export interface ImportReport {
  /** Rows of which something new was recorded; in a dry run: that would go in. */
  readonly imported: number;
  /** Rows that had been imported before. */
  readonly repeated: number;
  readonly bad: readonly BadRow[];
}

/**
 * Takes over rows one by one, in order: good rows go in, bad ones are reported. Every command's id is made from the
 * row, so that repeating the import changes nothing.
 *
 * @param wanted says false once whoever imports waits no more
 * @throws Problem `unavailable`: what was taken over so far stays, repeat the import
 */
export async function runImport(
  kind: ImportKind,
  rows: readonly ImportRow[],
  target: ImportTarget,
  dryRun: boolean,
  wanted: Wanted = () => true,
): Promise<ImportReport> {
  const bad: BadRow[] = [];
  const known = new Map<string, string>();
  let imported = 0;
  let repeated = 0;
  for (const row of rows) {
    if (!wanted()) throw notBegun('the rest of an import');
    try {
      if (await takeRow(kind, row, target, known, dryRun)) imported += 1;
      else repeated += 1;
    } catch (refused) {
      const error = await recordedBefore(refused, kind, row, target);
      if (error instanceof Problem && error.kind === 'unavailable') throw error;
      if (!(error instanceof RowError) && !(error instanceof Problem)) throw error;
      bad.push({ line: row.line, reason: reasonOf(error) });
    }
  }
  return { imported, repeated, bad };
}

/**
 * A row is checked as a whole before anything of it is sent: a bad one leaves no customer or contact behind.
 *
 * @returns whether anything new was recorded
 */
async function takeRow(
  kind: ImportKind,
  row: ImportRow,
  target: ImportTarget,
  known: Map<string, string>,
  dryRun: boolean,
): Promise<boolean> {
  const check = async (command: ImportCommand, creates: string): Promise<string> => {
    await target.check(command);
    return derivedId(command.commandId, creates);
  };
  const checked = contextOf(row, target, new Map(known), check);
  for (const command of await kind.commands(row.values, checked)) await target.check(command);
  if (dryRun) return true;

  let fresh = false;
  const send = async (command: ImportCommand): Promise<string> => {
    const { id, repeated } = await target.send(command);
    fresh ||= !repeated;
    return id;
  };
  for (const command of await kind.commands(row.values, contextOf(row, target, known, send)))
    await send(command);
  return fresh;
}

/** @param create carries out, or only checks, a command that creates what a row mentions; returns its id */
function contextOf(
  { occurrence }: ImportRow,
  target: ImportTarget,
  known: Map<string, string>,
  create: (command: ImportCommand, creates: string) => Promise<string>,
): ImportContext {
  return {
    occurrence,
    commandId: (source, ...key) => target.commandId(source, ...key),
    staff: (name) => target.staff(name),
    customer: (name) =>
      remember(known, `customer ${name}`, async () => {
        const found = await target.findCompany(name);
        if (found !== undefined) return found;
        const commandId = target.commandId('customers', 'company', name);
        const payload = { name, kind: 'company', source: 'import' };
        return create({ command: 'registerCustomer', commandId, payload }, 'customer');
      }),
    knownCustomer: (name, column) =>
      remember(known, `customer ${name}`, async () => {
        const found = await target.findCompany(name);
        if (found !== undefined) return found;
        throw new RowError(column, 'names no company, or more than one; import customers first');
      }),
    contact: (customerId, fullName) =>
      remember(known, `contact ${customerId} ${fullName}`, () => {
        const commandId = target.commandId('contacts', customerId, fullName);
        return create({ command: 'addContact', commandId, payload: { customerId, fullName } }, 'contact');
      }),
  };
}

async function remember(
  known: Map<string, string>,
  key: string,
  find: () => Promise<string>,
): Promise<string> {
  const id = known.get(key) ?? (await find());
  known.set(key, id);
  return id;
}

function reasonOf(error: RowError | Problem): string {
  if (error instanceof RowError) return error.message;
  const fields = error.details.errors?.map(({ field, message }) => `${field}: ${message}`) ?? [];
  return fields.length > 0 ? fields.join('; ') : error.details.detail;
}
