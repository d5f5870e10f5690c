import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's package `faketime`; its library stands in a folder of the machine's architecture. */
const LIBRARY = ((): string | undefined => {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : [];
  return [...folders, '/usr/local/lib']
    .map((folder) => join(folder, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
})();

/** Whether clocks of processes can be moved here; where not, says so where everybody sees it. */
export const MAY_MOVE_CLOCKS = LIBRARY !== undefined;
if (!MAY_MOVE_CLOCKS) {
  process.stderr.write('SKIPPED: tests with wrong clocks; the package faketime is not installed\n');
}

/**
 * The wall clock of processes, as someone who sets it moves it while they run. What measures durations goes on as
 * before, as it does on a machine.
 */
export class MovedClock {
  private readonly file: string;

  /** @param folder of the test @param aheadMs of the machine's; negative: behind */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    aheadMs: number,
  ) {
    this.file = join(folder, `${name}.clock`);
    this.move(aheadMs);
  }

  /** To be given to each process that has this clock. */
  get env(): Readonly<Record<string, string>> {
    if (LIBRARY === undefined) throw new Error('the package faketime is not installed');
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param aheadMs of the machine's clock from now on */
  move(aheadMs: number): void {
    const sign = aheadMs < 0 ? '-' : '+';
    const next = join(this.folder, `${this.name}.clock.next`);
    // Renamed: it is read again at every look at the clock.
    writeFileSync(next, `${sign}${Math.abs(aheadMs) / 1_000}\n`);
    renameSync(next, this.file);
  }
}
