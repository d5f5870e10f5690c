import type { Ledger, LogHead } from '@rapport/event-sourcing';
import { Problem, systemTimers, unlessAborted } from '@rapport/platform';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The identity of the log, as soon as a ledger answers. Rejects with the signal's reason when it aborts before. */
export async function headOfLog(ledger: Pick<Ledger, 'head'>, stopping: AbortSignal): Promise<LogHead> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    stopping.throwIfAborted();
    try {
      const head = await unlessAborted(ledger.head(), stopping);
      if (head !== undefined) return head;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
    }
    await systemTimers.sleep(pause, stopping);
  }
}
