import { systemMonotonicClock } from '@rapport/platform';
import { until } from '@rapport/platform/testing';

/** Resolves when a fault has lasted for so long: where its length itself is what is tested. */
export async function lasts(ms: number): Promise<void> {
  const end = systemMonotonicClock.now() + ms;
  await until(`${ms} ms`, () => (systemMonotonicClock.now() >= end ? true : undefined), 2 * ms);
}
