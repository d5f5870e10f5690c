import { Problem } from '@rapport/platform';
import { Lease, projectionId } from '@rapport/views';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { releaseFormerOwner } from './releaseFormerOwner.ts';

/** Changing versions takes two calls of the store at a time. */
const TIMES = { lease: 5_000, longestOperation: 10_000 } as const;
/** Longer than one that died is waited for. */
const PATIENCE_MS = 20_000;

/**
 * Changes the versions of a view, one replica at a time: under a lease of its own, which no projection bears.
 *
 * @throws Problem `unavailable` where another is at it; Fenced, by the lease
 */
export async function exclusively<T>(
  runtime: ProjectorRuntime,
  view: string,
  task: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { views, monotonic: clock, timers, random } = runtime;
  const { control } = views;
  const projection = projectionId({ name: view, version: 0 });
  if (runtime.soleOwner) await releaseFormerOwner(control, projection);
  const giveUp = new AbortController();
  const cancel = timers.schedule(PATIENCE_MS, () => giveUp.abort(busy()));
  let lease: Lease;
  try {
    const owner = random.uuidv7(Math.trunc(clock.now()));
    lease = await Lease.acquire({ control, projection, owner, clock, timers, times: TIMES }, giveUp.signal);
  } finally {
    cancel();
  }
  try {
    return await task(lease);
  } finally {
    // What was changed is changed. If the store does not answer now, whoever is next waits the lease out.
    await lease.release().catch(() => undefined);
  }
}

function busy(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'The versions of this view are being changed by somebody else. Try again.',
    retryAfter: 5,
  });
}
