import type { COMMANDS } from '@rapport/contracts';
import type { Column } from './column.ts';
import type { ImportRow } from './importRow.ts';

/** A command that a row becomes. Its id is made from the row, so that a repeated import changes nothing. */
export interface ImportCommand {
  readonly command: keyof typeof COMMANDS;
  readonly commandId: string;
  readonly payload: object;
  /** When it happened. */
  readonly occurredAt?: string;
}

/** What a kind of import needs from where it runs. */
export interface ImportContext {
  /** Which of equal rows this is, from 0. */
  readonly occurrence: number;
  /** Id of the company of that name: found, or registered with the name alone. */
  customer(name: string): Promise<string>;
  /** Id of the company of that name, which is there already. @throws RowError naming the column */
  knownCustomer(name: string, column: string): Promise<string>;
  /** Id of the customer's contact of that name; added when the import has not added it yet. */
  contact(customerId: string, fullName: string): Promise<string>;
  /** Command id from a row's business key or content; in a secret namespace, since rows name people. */
  commandId(source: string, ...key: readonly (string | number)[]): string;
  /** Opaque id of one of our own people, from the name that a file uses. */
  staff(name: string): string;
}

export interface ImportKind {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The column that names what the row becomes; undefined where its whole content does. */
  readonly businessKey?: (row: ImportRow['values']) => string | undefined;
  /** What an event that such a row once became says in the columns of the file. */
  readonly columnsOf?: (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** @throws RowError */
  commands(row: ImportRow['values'], context: ImportContext): Promise<readonly ImportCommand[]>;
}
