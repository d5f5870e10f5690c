import type { MonotonicClock } from '@rapport/platform';
import { projectionId, type ViewStore } from '@rapport/views';
import { GRACE_MS } from './keepingTimes.ts';

interface Watched {
  /** Epoch and beat of whoever keeps it up to date. */
  readonly sign: string;
  readonly since: number;
}

/**
 * Drops versions that nobody wants, once none of the replicas can answer from them: whoever answers from a version also
 * keeps it up to date or stands by to, so some owner of it beats. A version is dropped after GRACE_MS without a beat.
 */
export class LeftOvers {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly store: ViewStore,
    private readonly clock: MonotonicClock,
    private readonly owner: string,
  ) {}

  /** @param versions of the view that were left over just now */
  async sweep(view: string, versions: readonly number[]): Promise<void> {
    const left = new Set(versions.map((version) => projectionId({ name: view, version })));
    for (const id of this.watched.keys())
      if (id.startsWith(`${view}@`) && !left.has(id)) this.watched.delete(id);
    for (const version of versions) await this.look(view, version);
  }

  private async look(view: string, version: number): Promise<void> {
    const id = projectionId({ name: view, version });
    const current = await this.store.control.currentEpoch(id);
    const sign = `${current?.epoch}/${current?.beat}`;
    const seen = this.watched.get(id);
    if (seen?.sign !== sign) {
      this.watched.set(id, { sign, since: this.clock.now() });
    } else if (this.clock.now() - seen.since >= GRACE_MS) {
      this.watched.delete(id);
      await this.drop(view, version, (current?.epoch ?? 0) + 1);
    }
  }

  /** Under its next epoch: of all replicas one drops it, and who owned it before writes nothing into it any more. */
  private async drop(view: string, version: number, epoch: number): Promise<void> {
    const { control } = this.store;
    const id = projectionId({ name: view, version });
    if ((await control.claimEpoch(id, this.owner, epoch)) === undefined) return;
    await this.store.drop(view, version);
    await control.release(id, epoch);
  }
}
