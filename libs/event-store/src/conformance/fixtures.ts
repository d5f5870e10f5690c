import { systemRandom } from '@rapport/platform';
import type { EventStore, NewEvent, StoredEvent, StreamWrite } from '../eventStore.ts';

/** A random UUID. */
export function uuid(): string {
  const hex = Buffer.from(systemRandom.bytes(16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The name of a stream that exists nowhere. `ticket` is counted, `snapshot` is not. */
export function newStream(category = 'ticket'): string {
  return `${category}-${uuid()}`;
}

export function newEvent(text = '{"subject":"打印机 does not print"}'): NewEvent {
  return { id: uuid(), type: 'crm.tickets.TicketOpened', data: Buffer.from(text) };
}

export function newEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, n) => newEvent(`{"n":${n}}`));
}

export function write(stream: string, expectedRevision: number, ...events: NewEvent[]): StreamWrite {
  return { stream, expectedRevision, events };
}

/** Appends what must be accepted. */
export async function appended(store: EventStore, ...writes: StreamWrite[]): Promise<readonly StoredEvent[]> {
  const result = await store.append(writes);
  if (result.status !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`);
  return result.events;
}

/** Every event after a position, read page by page. */
export async function readOn(store: EventStore, after: number, limit?: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll({ after: events.at(-1)?.position ?? after, limit });
    events.push(...page.events);
    if (page.end) return events;
  }
}

/** An event with its bytes as text, so that a difference is readable and buffers compare with arrays. */
export function plain({ data, ...event }: StoredEvent): object {
  return { ...event, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1') };
}

export const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** What a follower was given until it ended. */
export async function batches<T>(following: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const batch of following) result.push(batch);
  return result;
}
