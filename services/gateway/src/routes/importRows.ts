import { Flag, ListOf, TextsByName, WholeNumber } from '@rapport/contracts';

/** A row of a file, by the names of its columns. */
export class ImportRow {
  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER, description: 'Where it stands in the file' })
  line!: number;

  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, description: 'How many equal rows stand before it' })
  occurrence!: number;

  @TextsByName({ description: 'Text by column' })
  values!: Record<string, string>;
}

/** Rows of a file, as the import tool read them; judged row by row by the import itself. */
export class ImportRows {
  @Flag({ optional: true, description: 'Check only, record nothing' })
  dryRun?: boolean;

  @ListOf(() => ImportRow, { max: 1_000 })
  rows!: ImportRow[];
}
