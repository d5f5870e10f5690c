import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own. */
export interface SmallDisk {
  readonly folder: string;
  makeReadOnly(): void;
  makeWritable(): void;
  remove(): void;
}

/** @returns undefined where this user may not mount one */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const remount = (mode: 'ro' | 'rw'): void => {
    const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, folder]);
    if (status !== 0) throw new Error(`cannot remount ${folder}: ${stderr.toString()}`);
  };
  return {
    folder,
    makeReadOnly: () => remount('ro'),
    makeWritable: () => remount('rw'),
    remove() {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether disks can be mounted here; where not, says so where everybody sees it. */
export const MAY_MOUNT = ((): boolean => {
  const disk = smallDisk(1);
  disk?.remove();
  if (disk === undefined)
    process.stderr.write('SKIPPED: tests on small and read-only disks; this user may not mount\n');
  return disk !== undefined;
})();
