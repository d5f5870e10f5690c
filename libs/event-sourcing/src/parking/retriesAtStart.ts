import { UNREADABLE } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { isTransient } from '../sweeping/transient.ts';
import type { ParkedItem } from './parkedSource.ts';
import { LONGEST_PAUSE_MS } from './retryPause.ts';
import { sideBySide } from './sideBySide.ts';

const PAGE = 200;
const SIDE_BY_SIDE = 16;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Reasons that go away with a release: its code reads the event, knows the deadline, fires such dues. */
const WAITING_FOR_RELEASE = [...UNREADABLE, 'UnknownDeadlineError', 'NoTargetError'] as const;

/**
 * Tries once, when a process starts, what waits for a release that can go on with it: this may be that release. Where it
 * is not, the key waits as it did, and nothing is recorded of the try.
 */
export class RetriesAtStart {
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();

  /** @param settle throws what keeps the key from going on */
  constructor(
    private readonly runtime: Pick<ServiceRuntime, 'clock' | 'timers' | 'deadlines'>,
    private readonly owner: string,
    private readonly settle: (item: ParkedItem) => Promise<unknown>,
  ) {}

  start(): void {
    this.done = this.run();
  }

  stop(): Promise<void> {
    this.abort.abort();
    return this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(2 * pause, LONGEST_WAIT_MS)) {
      try {
        return await this.tryAll(await this.waiting());
      } catch {
        // The view, or what lies behind the keys, does not answer: whoever sweeps alerts of that.
        await this.runtime.timers.sleep(pause, signal).catch(() => undefined);
      }
    }
  }

  /** All of them are found before the first is tried: what is parked again meanwhile must not come round again. */
  private async waiting(): Promise<readonly ParkedItem[]> {
    const { clock, deadlines } = this.runtime;
    const { parked, replica } = deadlines.options;
    const asked = {
      owner: this.owner,
      before: toInstant(clock.now() + 2 * LONGEST_PAUSE_MS),
      limit: PAGE,
      by: replica,
    };
    const items: ParkedItem[] = [];
    for (const reason of WAITING_FOR_RELEASE) {
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await parked.due({ ...asked, reason, ...(cursor !== undefined && { cursor }) });
        items.push(...page.items);
        cursor = page.next;
      }
    }
    return items;
  }

  private tryAll(items: readonly ParkedItem[]): Promise<void> {
    return sideBySide(items, { most: SIDE_BY_SIDE, signal: this.abort.signal }, async (item) => {
      try {
        await this.settle(item);
      } catch (error) {
        if (isTransient(error)) throw error;
      }
    });
  }
}
