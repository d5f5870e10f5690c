import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a test. */
export function dataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'event-store-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A small file system of its own at `folder`; false where this user may not mount one. */
export function mountSmallDisk(folder: string, megabytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0;
}

export function makeReadOnly(folder: string): void {
  const { status, stderr } = spawnSync('mount', ['-o', 'remount,ro', folder]);
  if (status !== 0) throw new Error(`cannot remount ${folder}: ${stderr.toString()}`);
}

/** Lazily: libsql keeps a file open until its statements are collected. */
export function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
}
