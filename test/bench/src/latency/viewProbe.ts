import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { RunningArm } from '../arms/arm.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { reason } from '../notAvailable.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';

export interface ProbeTimes {
  /** Milliseconds from sending a command until a query has shown its effect. */
  readonly toView: number[];
  /** Milliseconds from the command's answer until then: what the views are behind. */
  readonly afterAnswer: number[];
  readonly failures: string[];
}

const EVERY_MS = 50;

/** Opens a ticket now and then, and asks for it with its position until the view shows it, until aborted. */
export async function probeViews(arm: RunningArm, customers: readonly string[], stop: AbortSignal) {
  const times: ProbeTimes = { toView: [], afterAnswer: [], failures: [] };
  for (let n = 0; !stop.aborted; n += 1) {
    try {
      const { toView, afterAnswer } = await probeOnce(
        arm,
        openTicketBody(customers[n % customers.length]!, n),
      );
      times.toView.push(toView);
      times.afterAnswer.push(afterAnswer);
    } catch (error) {
      times.failures.push(reason(error));
    }
    await systemTimers.sleep(EVERY_MS);
  }
  return times;
}

/**
 * Opens one ticket and waits until the view shows it: then everything before it is shown too.
 * @throws Error when it is refused, or not shown within `patienceMs`
 */
export async function probeOnce(
  { port, token }: Pick<RunningArm, 'port' | 'token'>,
  body: unknown,
  patienceMs = 10_000,
): Promise<{ toView: number; afterAnswer: number }> {
  const sentAt = systemMonotonicClock.now();
  const opened = await jsonRequest({ port, method: 'POST', path: '/api/tickets', token, body });
  const answeredAt = systemMonotonicClock.now();
  if (opened.status !== 201) throw new Error(`POST /api/tickets answered ${opened.status}`);
  const after = encodeURIComponent(String(opened.body['position']));
  const path = `/api/tickets/${String(opened.body['id'])}?after=${after}`;
  for (;;) {
    const seen = await jsonRequest({ port, method: 'GET', path, token });
    const now = systemMonotonicClock.now();
    if (seen.status === 200 && seen.body['stale'] !== true) {
      return { toView: now - sentAt, afterAnswer: now - answeredAt };
    }
    if (now - answeredAt > patienceMs) {
      throw new Error(`the view did not show a ticket within ${patienceMs / 1000} s (${seen.status})`);
    }
  }
}
