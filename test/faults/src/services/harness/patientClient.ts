import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import type { Client, Reply } from '@rapport/test-checks';

/** How long one command is tried for. Longer than any fault here lasts. */
const PATIENCE_MS = 90_000;

/** Between two commands of one client: the gateway lets one address send 6,000 requests a minute. */
const PACE_MS = 60;

/**
 * What a good client does: where no answer comes, or 503 or 429, it sends the same command again under the same key,
 * not before the answer says so.
 */
export class PatientClient {
  /** Keys of commands that were sent more than once. */
  readonly retried = new Set<string>();
  /** Answers that asked to come again. */
  readonly putOff: Reply[] = [];
  private closed = false;

  constructor(private readonly client: Client) {}

  /** No command begins any more; those under way are tried until they are answered. */
  close(): void {
    this.closed = true;
  }

  async post(path: string, body: object, key: string): Promise<Reply> {
    if (this.closed) throw new Error('closed');
    const end = systemMonotonicClock.now() + PATIENCE_MS;
    for (;;) {
      const reply = await this.client.post(path, body, key).catch(() => undefined);
      if (reply !== undefined && reply.status !== 503 && reply.status !== 429) {
        await systemTimers.sleep(PACE_MS);
        return reply;
      }
      if (reply !== undefined) this.putOff.push(reply);
      if (systemMonotonicClock.now() > end) throw new Error(`${path} was not answered in ${PATIENCE_MS} ms`);
      this.retried.add(key);
      await systemTimers.sleep((reply?.retryAfter ?? 0.2) * 1_000);
    }
  }
}
