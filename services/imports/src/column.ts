/** A column of a file: its name in code and the headers that it may have. */
export interface Column {
  readonly name: string;
  readonly headers: readonly string[];
  readonly required?: boolean;
}
