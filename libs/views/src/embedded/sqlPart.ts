/** What libsql can bind. It aborts the process on a boolean. */
export type SqlValue = string | number | null;

/** Part of a statement with the values of its question marks. */
export interface SqlPart {
  readonly text: string;
  readonly values: readonly SqlValue[];
}
