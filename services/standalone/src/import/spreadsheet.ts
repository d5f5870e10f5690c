/** What stands before the columns of the file in its error file. */
export const ERROR_COLUMNS = ['行号 line', '原因 reason'] as const;

/** A spreadsheet takes a cell that begins so for a formula and runs it; the apostrophe says that it is text. */
export function forSpreadsheet(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** The cell that `forSpreadsheet` was given. */
export function fromSpreadsheet(cell: string): string {
  return cell.replace(/^'(?='*[=+\-@\t\r])/, '');
}
