import { systemRandom } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { MemoryViewStore } from '@rapport/views';
import { ArrayLog, type VirtualTime } from '@rapport/views/testing';
import type { ProjectorRuntime } from '../projectorRuntime.ts';

export const LOG_ID = '0f5a7f6e-0000-7000-8000-000000000001';

/** A projector's runtime in a test's time: one of several replicas, over an empty log and a store in memory. */
export function virtualRuntime(time: VirtualTime, other: Partial<ProjectorRuntime> = {}): ProjectorRuntime {
  return {
    log: new ArrayLog(LOG_ID),
    views: new MemoryViewStore(),
    readStream: async () => [],
    opener: { open: (event) => event },
    reveal: async (body) => body,
    cursorKey: new Uint8Array(32),
    clock: { now: () => time.now() },
    monotonic: time,
    timers: time,
    followers: unwatched(),
    random: systemRandom,
    caches: testCaches(),
    soleOwner: false,
    alert: () => undefined,
    ...other,
  };
}
