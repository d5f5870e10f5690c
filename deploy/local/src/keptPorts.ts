import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { preferredPorts } from '@rapport/platform';

/**
 * A port for each name: the one of the last start where it is free, so that who is connected finds back by himself;
 * else a free one. The file keeps them for the next start.
 */
export async function keptPorts(
  file: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const kept: Record<string, number> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const ports = await preferredPorts(names.map((name) => kept[name]));
  const found = names.map((name, n) => [name, ports[n]!] as const);
  // Renamed into place: a start that is killed here leaves no half file.
  writeFileSync(`${file}.new`, JSON.stringify({ ...kept, ...Object.fromEntries(found) }, undefined, 2));
  renameSync(`${file}.new`, file);
  return new Map(found);
}
