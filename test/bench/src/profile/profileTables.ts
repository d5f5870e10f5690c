import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfTimes, selfTimeTable } from './selfTime.ts';

/** Markdown of all profiles in a folder, one per thread, the busiest first. */
export function profileTables(folder: string): string {
  const threads = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => selfTimes(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .map((times) => ({ times, busyMs: times.reduce((sum, { ms }) => sum + ms, 0) }))
    .filter(({ busyMs }) => busyMs > 100)
    .toSorted((a, b) => b.busyMs - a.busyMs);
  if (threads.length === 0) return 'Where the time goes: no profile was written.';
  return threads
    .map(({ times, busyMs }, i) => {
      const title = `Where the time goes, thread ${i + 1} of ${threads.length}, busy for ${(busyMs / 1000).toFixed(1)} s:`;
      return `${title}\n\n${selfTimeTable(times)}`;
    })
    .join('\n\n');
}
