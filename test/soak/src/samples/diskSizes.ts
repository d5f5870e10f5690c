import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes under a folder by what they belong to: the first part of each path, such as `events.sqlite` or `nats`. */
export function diskSizes(folder: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(parentPath, name);
    const owner = ownerOf(path.slice(folder.length + 1));
    // A file that is gone by now takes nothing.
    const size = statSync(path, { throwIfNoEntry: false });
    if (size?.isFile() === true) sizes.set(owner, (sizes.get(owner) ?? 0) + size.size);
  }
  return sizes;
}

/** `events.sqlite-wal` belongs to `events.sqlite`. */
function ownerOf(path: string): string {
  return path.split('/')[0]!.replace(/-(wal|shm)$/, '');
}
