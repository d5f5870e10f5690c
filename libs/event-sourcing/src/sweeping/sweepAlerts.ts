import { isTransient, reasonOf } from './transient.ts';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';

/** Failures in a row that are not told: a view that is unavailable for a moment. */
const QUIET_FAILURES = 3;
/** The same before the first sweep, while the projector is still starting: together more than a minute. */
const QUIET_AT_START = 12;

/** Tells when sweeps fail, or something goes on failing, for longer than a moment. */
export class SweepAlerts {
  private swept = false;
  private told = false;

  constructor(
    private readonly name: string,
    private readonly alert: ServiceRuntime['alert'],
  ) {}

  succeeded(): void {
    this.swept = true;
  }

  /** @param failures in a row of whole sweeps; absent: of one item, which is always told */
  failed(error: unknown, failures?: number): void {
    const quiet = !this.swept && isTransient(error) ? QUIET_AT_START : QUIET_FAILURES;
    if (failures !== undefined && failures < quiet) return;
    this.alert(`${this.name} failed`, {
      ...(failures !== undefined && { failures }),
      error: reasonOf(error),
    });
  }

  /** @param failing how many go on failing while others are settled; told once until there are none */
  waiting(failing: number): void {
    if (failing > 0 && !this.told) this.alert(`${this.name} leaves some waiting`, { failing });
    this.told = failing > 0;
  }
}
