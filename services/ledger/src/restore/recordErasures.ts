import { derivedId, profileEvents, streamName, type CurrentEvent, type DataOf } from '@rapport/contracts';
import { allReadable } from '@rapport/event-sourcing';
import { UsageError } from '@rapport/hosting';
import { NO_STREAM, type EventStore } from '@rapport/event-store';
import type { EpochMillis } from '@rapport/platform';
import { readEvent } from '@rapport/privacy';
import { encodeOwnEvent, ownEvent } from '../recording/ownEvent.ts';
import type { ErasedPerson } from './erasedPersons.ts';

const { CustomerRegistered, ContactAdded, PersonErased } = profileEvents;

/** An erasure as the log will say it. */
export type Erasure = DataOf<typeof PersonErased>;

export interface SortedErasures {
  /** Of persons whom the restored log knows: to be recorded in it. */
  readonly known: readonly Erasure[];
  /** Of persons who came after the backup: nothing of them is in the log, only keys may be left. */
  readonly unknown: readonly Erasure[];
}

/**
 * Looks everybody up in the restored log; changes nothing.
 *
 * @throws UsageError where a line names a company, which is no person; UnreadableStream
 */
export async function sortErasures(
  store: EventStore,
  persons: readonly ErasedPerson[],
): Promise<SortedErasures> {
  const known: Erasure[] = [];
  const unknown: Erasure[] = [];
  for (const { customerId, personId } of persons) {
    const isCustomer = customerId === personId;
    const found = await belongs(store, customerId, personId);
    if (found === 'company') {
      throw new UsageError(
        `the list of erased persons names the customer ${customerId} as a person, but it is a company: name its contacts`,
      );
    }
    (found === undefined ? unknown : known).push({ personId, customerId, isCustomer });
  }
  return { known, unknown };
}

/** Records who is not erased yet. @returns how many were recorded */
export async function recordErasures(
  store: EventStore,
  erasures: readonly Erasure[],
  restored: { readonly tenant: string; readonly logId: string; readonly recordedAt: EpochMillis },
): Promise<number> {
  let recorded = 0;
  for (const erasure of erasures) {
    const result = await store.append([
      encodeOwnEvent({
        ...restored,
        stream: streamName('person', erasure.personId),
        // A person's stream begins with the erasure: where there is one, it is done.
        expectedRevision: NO_STREAM,
        commandId: derivedId(restored.logId, `erasure-${erasure.personId}`),
        correlationId: restored.logId,
        event: ownEvent(PersonErased, erasure),
      }),
    ]);
    if (result.status === 'appended') recorded += 1;
  }
  return recorded;
}

/** As what the log knows the person; undefined where not at all. */
async function belongs(
  store: EventStore,
  customerId: string,
  personId: string,
): Promise<'contact' | 'individual' | 'company' | undefined> {
  for await (const { type, data } of streamOf(store, streamName('customer', customerId))) {
    if (type === CustomerRegistered.type && personId === customerId) {
      return (data as unknown as DataOf<typeof CustomerRegistered>).kind;
    }
    if (
      type === ContactAdded.type &&
      (data as unknown as DataOf<typeof ContactAdded>).contactId === personId
    ) {
      return 'contact';
    }
  }
  return undefined;
}

async function* streamOf(store: EventStore, stream: string): AsyncIterable<CurrentEvent> {
  for (let fromRevision = 0; ;) {
    const { events, headRevision } = await store.readStream(stream, { fromRevision });
    yield* allReadable(events.map(readEvent));
    fromRevision = (events.at(-1)?.revision ?? headRevision) + 1;
    if (fromRevision > headRevision) return;
  }
}
