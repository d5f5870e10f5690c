/** A row of a file, by the names of its columns. */
export interface ImportRow {
  /** The line that it begins on; 1 is the header. */
  readonly line: number;
  /** Which of the file's equal rows it is, from 0. */
  readonly occurrence: number;
  readonly values: Readonly<Record<string, string>>;
}
