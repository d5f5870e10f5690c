import { ArrayLog } from './arrayLog.ts';

/** The log of this test, the same in every process that makes it. */
export function longLog(): ArrayLog {
  const log = new ArrayLog('log-1', 3);
  for (let n = 0; n < 600; n++) {
    log.append(
      { type: 'Purchased', customer: `c${(n * 7) % 50}`, n: n % 10 },
      { type: n % 9 === 0 ? 'Erased' : 'Referred', customer: `c${(n * 3) % 50}`, n: n % 50 },
    );
  }
  return log;
}
