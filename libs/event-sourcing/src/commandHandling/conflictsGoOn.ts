import { Problem } from '@rapport/platform';

/** The answer when others changed the stream at every attempt. */
export function conflictsGoOn(): Problem {
  return new Problem({
    kind: 'revision-conflict',
    detail: 'Others changed the same record at the same time. Load it again and repeat the request.',
    retryAfter: 1,
  });
}
