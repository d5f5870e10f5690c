import type { Ledger, LogHead } from '@rapport/event-sourcing';
import { Problem, systemTimers } from '@rapport/platform';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The identity of the log, as soon as a ledger answers. Rejects with the signal's reason when it aborts before. */
export async function headOfLog(ledger: Pick<Ledger, 'head'>, stopping: AbortSignal): Promise<LogHead> {
  const stopped = new Promise<never>((_resolve, reject) =>
    stopping.addEventListener('abort', () => reject(stopping.reason as Error), { once: true }),
  );
  // Nobody listens any more once there is a head.
  stopped.catch(() => undefined);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    stopping.throwIfAborted();
    try {
      return await Promise.race([ledger.head(), stopped]);
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
    }
    await systemTimers.sleep(pause, stopping);
  }
}
