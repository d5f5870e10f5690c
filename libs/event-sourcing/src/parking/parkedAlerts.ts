import type { EpochMillis } from '@rapport/platform';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';

/** Keys that are parked for the same reason within this time are told with the first of them, or the next. */
const TOGETHER_MS = 60_000;

interface Told {
  readonly at: EpochMillis;
  untold: number;
}

/** Tells of parked keys: each reason at once, and no more than once a minute, however many keys share it. */
export class ParkedAlerts {
  private readonly told = new Map<string, Told>();

  constructor(private readonly runtime: Pick<ServiceRuntime, 'alert' | 'clock'>) {}

  /** @param whose `{ reaction: 'standing' }` */
  parked(
    kind: string,
    whose: Readonly<Record<string, string>>,
    facts: { readonly stream: string; readonly revision?: number; readonly reason: string },
  ): void {
    const now = this.runtime.clock.now();
    const about = JSON.stringify([kind, whose, facts.reason]);
    const before = this.told.get(about);
    if (before !== undefined && now - before.at < TOGETHER_MS) {
      before.untold += 1;
      return;
    }
    const others = before?.untold ?? 0;
    this.told.set(about, { at: now, untold: 0 });
    this.runtime.alert(`${kind} parked`, { ...whose, ...facts, ...(others > 0 && { others }) });
  }
}
