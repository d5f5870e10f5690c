import { systemMonotonicClock, type Timers } from '@rapport/platform';
import type { DemoUser } from './demoUser.ts';

const PATIENCE_MS = 180_000;
const POLL_MS = 100;

/** Resolves when every projection has come to the head of the log. @throws Error after three minutes */
export async function untilViewsAreThere(administrator: DemoUser, timers: Timers): Promise<void> {
  const deadline = systemMonotonicClock.now() + PATIENCE_MS;
  for (;;) {
    const { status, body } = await administrator.get<{ projections: readonly { readonly lag: number }[] }>(
      '/api/projections',
    );
    if (status === 200 && body.projections.every(({ lag }) => lag === 0)) return;
    if (systemMonotonicClock.now() > deadline) {
      throw new Error('the views did not come to the head of the log in three minutes');
    }
    await timers.sleep(POLL_MS);
  }
}
