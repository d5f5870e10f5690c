import { deadlinesOwner, dueKey, dueOfKey, formatPositionToken } from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import { ParkedAlerts } from '../parking/parkedAlerts.ts';
import { Parking } from '../parking/parking.ts';
import { RetriesAtStart } from '../parking/retriesAtStart.ts';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { Sweep } from '../sweeping/sweep.ts';
import type { SweepOrigin, WaitingPage, WaitingPlace } from '../sweeping/waitingPlace.ts';
import type { DueDeadline } from './dueSource.ts';

/** Dues that are asked for at once. */
const PAGE = 500;

/** No part of this service fires the dues of such streams. */
export class NoTargetError extends Error {
  override readonly name = 'NoTargetError';
}

/**
 * Fires a service's recorded dues when they have passed: late rather than never, in order of due, with their true due.
 * Without deadlines of its own the service sweeps nothing. Its hooks are those that Nest calls on every provider.
 */
export class DeadlineSweeper {
  private readonly sweeping: Sweep<DueDeadline>;
  private readonly atStart: RetriesAtStart;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly service: string,
  ) {
    const dues = new RecordedDues(runtime, service);
    this.sweeping = new Sweep<DueDeadline>(runtime, dues, runtime.deadlines.options.everyMs);
    this.atStart = new RetriesAtStart(runtime, deadlinesOwner(service), ({ key, stream }) =>
      dues.settle({ stream, ...dueOfKey(key) }, 'live'),
    );
    runtime.deadlines.add(this);
  }

  onApplicationBootstrap(): void {
    if (this.runtime.deadlines.of(this.service).isEmpty) return;
    this.sweeping.start();
    this.atStart.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.atStart.stop();
    await this.sweeping.stop();
  }

  /** @throws Problem when the view does not answer, or nothing can be fired; what was not is still due */
  async sweep(origin: SweepOrigin = 'live'): Promise<void> {
    if (!this.runtime.deadlines.of(this.service).isEmpty) await this.sweeping.sweep(origin);
  }
}

/** The recorded dues of one service. */
class RecordedDues implements WaitingPlace<DueDeadline> {
  readonly name = 'deadline sweep';
  private readonly parking: Parking;
  private readonly alerts: ParkedAlerts;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly service: string,
  ) {
    this.parking = new Parking(runtime, service);
    this.alerts = new ParkedAlerts(runtime);
  }

  idOf({ deadlineId, generation }: DueDeadline): string {
    return dueKey(deadlineId, generation);
  }

  page(before: EpochMillis, cursor: string | undefined, after: number): Promise<WaitingPage<DueDeadline>> {
    const { logId, deadlines } = this.runtime;
    const { dues, replica } = deadlines.options;
    return dues.due({
      context: this.service,
      before: toInstant(before),
      limit: PAGE,
      by: replica,
      ...(cursor !== undefined && { cursor }),
      ...(after >= 0 && { after: formatPositionToken({ logId, position: after }) }),
    });
  }

  async settle(
    { stream, deadlineId, generation }: Pick<DueDeadline, 'stream' | 'deadlineId' | 'generation'>,
    origin: SweepOrigin,
  ): Promise<number | undefined> {
    const target = this.runtime.deadlines.of(this.service).of(stream);
    if (target === undefined) throw new NoTargetError(`nothing fires the dues of ${stream}`);
    const { outcome, position } = await target.fire({ stream, deadlineId, generation, origin });
    return outcome === 'early' ? undefined : position;
  }

  async park({ stream, deadline, deadlineId, generation }: DueDeadline, reason: string): Promise<number> {
    const owner = deadlinesOwner(this.service);
    const failed = { owner, key: dueKey(deadlineId, generation), stream, reason };
    const { attempt, position } = await this.parking.park(failed);
    if (attempt === 1) this.alerts.parked('deadline', { deadline }, { stream, reason });
    return position;
  }
}
