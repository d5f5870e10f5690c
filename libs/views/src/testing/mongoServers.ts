let used = 0;

/** Name of a database that no other test, and no run before this one, uses. */
export function freshDatabase(): string {
  return `test-${process.pid}-${process.hrtime.bigint().toString(36)}-${++used}`;
}
