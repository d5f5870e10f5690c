import { SERVICE_NAMES } from '../configuration/serviceName.ts';
import { SETTINGS } from '../configuration/settings.ts';
import { CACHES, CACHE_NAMES, shareOf, type ProcessName } from './caches.ts';
import { STANDALONE_CACHE_MB } from './standaloneCaches.ts';

const MIB = 1024 * 1024;
const PROCESSES: readonly ProcessName[] = ['standalone', ...SERVICE_NAMES];

/** The chapter on memory of docs/configuration.md. */
export function cacheReference(): string {
  const rows = CACHE_NAMES.map((name) => {
    const cells = PROCESSES.map((process) => mib(bytesOf(process) * shareOf(name, process)));
    return `| \`${name}\` | ${CACHES[name].description} | ${cells.join(' | ')} |`;
  });
  const sums = PROCESSES.map((process) => mib(bytesOf(process)));
  return `## Memory

What the caches of a process hold together is one figure: \`${SETTINGS.cacheBytes.name}\`, standalone \`--cache-mb\`. Each cache has a
fixed share of it; with the defaults, in MiB:

| cache | holds | ${PROCESSES.join(' | ')} |
| --- | --- |${' ---: |'.repeat(PROCESSES.length)}
${rows.join('\n')}
| **sum** | | ${sums.map((sum) => `**${sum}**`).join(' | ')} |

- Sizes are estimates, which a test holds within a factor of 1.5 of what the heap really grows by. Node.js itself, the code,
  what is under way and garbage come on top: give a container four times as much as its caches, and 400 MB at least.
- A value that is larger than its cache is not kept, and is read again whenever it is needed.
- \`rapport_cache_bytes\` and \`rapport_cache_limit_bytes\` of \`/metrics\` tell what each cache holds.
- Not among them, because they do not grow with what is stored: ids of the last 65,536 to 131,072 events, by which a repeat at another
  place is noticed (12 MB in the ledger's writing thread; 36 MB with KurrentDB), prepared statements,
  at most 1,000 groups of each count that a view keeps (some 400 kB each), and one entry per address of the
  last 5,000 for the rate limit (1 MB). KurrentDB's map of counted positions takes 8 bytes per event of the log.
`;
}

function bytesOf(process: ProcessName): number {
  return process === 'standalone' ? STANDALONE_CACHE_MB * MIB : Number(SETTINGS.cacheBytes.default);
}

function mib(bytes: number): string {
  if (bytes === 0) return '';
  return (bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0).replace(/\.0$/, '');
}
