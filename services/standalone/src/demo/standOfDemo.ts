import { isUnreadable, ledgerEvents, streamName, type DataOf } from '@rapport/contracts';
import { addDays, startOfDay, type PlainDate } from '@rapport/calendar';
import { allReadable } from '@rapport/event-sourcing';
import type { EventStore } from '@rapport/event-store';
import { toMillis, type EpochMillis } from '@rapport/platform';
import { readEvent } from '@rapport/privacy';
import { demoBegins } from './demoPlan.ts';

/** Whether the demo may be lived in a log, and from where. */
export type StandOfDemo = UnfinishedDemo | { readonly status: 'lived' } | { readonly status: 'own-history' };

export interface UnfinishedDemo {
  readonly status: 'unfinished';
  /** Its first day; undefined where it has not begun. */
  readonly startsOn: PlainDate | undefined;
  /** Days of which it is recorded that they were lived. */
  readonly day: number;
  /** When the log's last event was recorded: nothing may be recorded before it. */
  readonly reached: EpochMillis;
}

const PAGE = 1_000;

/**
 * How far the demo has been lived in a log. It is given up for good where somebody's own history has begun: what is
 * recorded by a clock that has not been moved is recorded after the demo's last day, and the demo would step back
 * before it. Only what follows the demo's last record of progress is read, and of that no more than up to the first
 * such event; before it there is none.
 *
 * @param now the real instant: a demo that begins now ends the day before
 */
export async function standOfDemo(store: EventStore, tenant: string, now: EpochMillis): Promise<StandOfDemo> {
  const { events } = await store.readStream(streamName('demo', tenant), { direction: 'backwards', limit: 1 });
  const [last] = allReadable(events.map(readEvent));
  if (last === undefined) return beforeDemo(store, now);
  const { data, recordedAt } = last;
  const { day, days, startsOn } = data as unknown as DataOf<typeof ledgerEvents.DemoAdvanced>;
  if (day >= days) return { status: 'lived' };

  const ends = startOfDay(addDays(startsOn, days));
  let reached = toMillis(recordedAt);
  for (let after = last.position; ;) {
    const page = await store.readAll({ after, limit: PAGE });
    for (const stored of page.events) {
      after = stored.position;
      const event = readEvent(stored);
      // The demo of this release records nothing that it could not read.
      if (isUnreadable(event)) return { status: 'own-history' };
      if (event.index !== null) reached = Math.max(reached, toMillis(event.recordedAt));
      if (reached >= ends) return { status: 'own-history' };
    }
    if (page.end) return { status: 'unfinished', startsOn, day, reached };
  }
}

/** A log in which there is nothing, and which was not opened after the demo's first day, is there for the demo. */
async function beforeDemo(store: EventStore, now: EpochMillis): Promise<StandOfDemo> {
  const [opened, another] = (await store.readCounted(0, 2)).map(readEvent);
  if (opened === undefined || another !== undefined || isUnreadable(opened)) return { status: 'own-history' };
  const reached = toMillis(opened.recordedAt);
  if (reached > startOfDay(demoBegins(now))) return { status: 'own-history' };
  return { status: 'unfinished', startsOn: undefined, day: 0, reached };
}
