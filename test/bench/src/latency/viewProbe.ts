import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { RunningArm } from '../arms/arm.ts';
import { openTicketBody } from '../load/commandBodies.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';

export interface ProbeTimes {
  /** Milliseconds from sending a command until a query has shown its effect. */
  readonly toView: number[];
  /** Milliseconds from the command's answer until then: what the views are behind. */
  readonly afterAnswer: number[];
  readonly failures: string[];
}

const EVERY_MS = 50;
const PATIENCE_MS = 10_000;

/** Opens a ticket now and then, and asks for it with its position until the view shows it, until aborted. */
export async function probeViews(arm: RunningArm, customers: readonly string[], stop: AbortSignal) {
  const times: ProbeTimes = { toView: [], afterAnswer: [], failures: [] };
  for (let n = 0; !stop.aborted; n += 1) {
    await probeOnce(arm, openTicketBody(customers[n % customers.length]!, n), times).catch(
      (error: unknown) => {
        times.failures.push(String(error));
      },
    );
    await systemTimers.sleep(EVERY_MS);
  }
  return times;
}

async function probeOnce(arm: RunningArm, body: unknown, times: ProbeTimes): Promise<void> {
  const { port, token } = arm;
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
      times.toView.push(now - sentAt);
      times.afterAnswer.push(now - answeredAt);
      return;
    }
    if (now - answeredAt > PATIENCE_MS)
      throw new Error(`the view did not show the ticket within 10 s (${seen.status})`);
  }
}
