import { unwatched } from '@rapport/platform/testing';
import type { EventLog, ViewStore } from '@rapport/views';
import { tierProjection, VirtualTime } from '@rapport/views/testing';
import { KeptViews } from '../keeping/keptViews.ts';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { virtualRuntime } from './virtualRuntime.ts';

/** One projector of several: its own clock and its own way to the log and the store that all of them use. */
export class Replica {
  readonly time = new VirtualTime();
  readonly alerts: string[] = [];
  readonly kept: KeptViews;

  constructor(log: EventLog, views: ViewStore, followers = unwatched()) {
    const alert: ProjectorRuntime['alert'] = (what, facts) =>
      void this.alerts.push(`${what} ${JSON.stringify(facts)}`);
    this.kept = new KeptViews(virtualRuntime(this.time, { log, views, followers, alert }), [tierProjection]);
  }

  /** The version that answers here. */
  get answers(): number {
    return Number(this.kept.answering([tierProjection.name]).split('@')[1]);
  }

  async spend(customer: string): Promise<unknown> {
    return (await this.kept.collection(tierProjection.name).get(customer))?.body['spend'];
  }
}
