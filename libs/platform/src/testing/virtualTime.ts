import type { MonotonicClock, Timers } from '../clock/clock.ts';

interface Alarm {
  readonly at: number;
  readonly order: number;
  fire(): void;
}

/** Time that passes only when told to: leases and waits in tests take no time. */
export class VirtualTime implements MonotonicClock, Timers {
  private time = 0;
  private made = 0;
  private readonly alarms = new Set<Alarm>();

  now(): number {
    return this.time;
  }

  schedule(ms: number, fire: () => void): () => void {
    const alarm: Alarm = { at: this.time + ms, order: this.made++, fire };
    this.alarms.add(alarm);
    return () => void this.alarms.delete(alarm);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        cancel();
        reject(signal!.reason);
      };
      const cancel = this.schedule(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** A process that was paused: time has gone, but nothing of it has run yet. */
  jump(ms: number): void {
    this.time += ms;
  }

  /** Lets `ms` pass, alarm by alarm, and what each sets off happen. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settled();
    for (let alarm = this.next(until); alarm !== undefined; alarm = this.next(until)) {
      this.alarms.delete(alarm);
      this.time = Math.max(this.time, alarm.at);
      alarm.fire();
      await settled();
    }
    this.time = Math.max(this.time, until);
  }

  /** Lets time pass until the condition holds. @throws after an hour of virtual time */
  async until(condition: () => boolean | Promise<boolean>, step = 50): Promise<void> {
    for (let waited = 0; waited < 3_600_000; waited += step) {
      await settled();
      if (await condition()) return;
      await this.pass(step);
    }
    throw new Error('the condition did not come to hold within an hour');
  }

  private next(until: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) {
      if (alarm.at > until) continue;
      if (first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order))
        first = alarm;
    }
    return first;
  }
}

/** Everything that promises alone can do has been done. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
