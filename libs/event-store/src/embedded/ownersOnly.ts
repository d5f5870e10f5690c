import { closeSync, openSync } from 'node:fs';

/** A file that is not there yet is made for its owner alone; SQLite gives its mode to its companions. */
export function makeOwnersOnly(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It is there already, or can't be made: then the store that opens it says why.
  }
}
