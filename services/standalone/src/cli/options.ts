import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { UsageError } from '@rapport/hosting';
import { STANDALONE_CACHE_MB } from '@rapport/platform';

/** What `npm start -- …` takes. */
export interface StandaloneOptions {
  /** Neither samples nor demo. */
  readonly empty: boolean;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly port: number;
  /** MiB that all caches together may hold. */
  readonly cacheMb: number;
}

export const USAGE = `npm start -- [--empty] [--data DIR] [--port N] [--cache-mb N]
  --empty     start without the samples and the demo
  --data DIR  keep everything in DIR (default ./data)
  --port N    listen on 127.0.0.1:N (default 3000; 0 picks a free one)
  --cache-mb N  all caches together hold at most N MiB (default ${STANDALONE_CACHE_MB})`;

/** @throws UsageError */
export function parseOptions(args: readonly string[], cwd: string): StandaloneOptions | 'help' {
  let values: { empty?: boolean; data?: string; port?: string; 'cache-mb'?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        empty: { type: 'boolean' },
        data: { type: 'string' },
        port: { type: 'string' },
        'cache-mb': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
  if (values.help === true) return 'help';
  const port = values.port ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535\n${USAGE}`);
  }
  if (values.data === '') throw new UsageError(`--data must name a folder\n${USAGE}`);
  const cacheMb = values['cache-mb'] ?? String(STANDALONE_CACHE_MB);
  if (!/^\d{1,6}$/.test(cacheMb)) {
    throw new UsageError(`--cache-mb must be a number of MiB from 0 to 999999\n${USAGE}`);
  }
  return {
    empty: values.empty === true,
    data: resolve(cwd, values.data ?? 'data'),
    port: Number(port),
    cacheMb: Number(cacheMb),
  };
}
