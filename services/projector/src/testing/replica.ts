import { systemRandom } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import type { EventLog, ViewStore } from '@rapport/views';
import { tierProjection, VirtualTime } from '@rapport/views/testing';
import { testCaches } from '@rapport/platform/testing';
import { KeptViews } from '../keeping/keptViews.ts';

/** One projector of several: its own clock and its own way to the log and the store that all of them use. */
export class Replica {
  readonly time = new VirtualTime();
  readonly alerts: string[] = [];
  readonly kept: KeptViews;

  constructor(log: EventLog, views: ViewStore, followers = unwatched()) {
    this.kept = new KeptViews(
      {
        log,
        views,
        readStream: async () => [],
        opener: { open: (event) => event },
        reveal: async (body) => body,
        cursorKey: new Uint8Array(32),
        clock: { now: () => this.time.now() },
        monotonic: this.time,
        timers: this.time,
        followers,
        random: systemRandom,
        caches: testCaches(),
        soleOwner: false,
        alert: (alert, facts) => void this.alerts.push(`${alert} ${JSON.stringify(facts)}`),
      },
      [tierProjection],
    );
  }

  /** The version that answers here. */
  get answers(): number {
    return Number(this.kept.answering([tierProjection.name]).split('@')[1]);
  }

  async spend(customer: string): Promise<unknown> {
    return (await this.kept.collection(tierProjection.name).get(customer))?.body['spend'];
  }
}
