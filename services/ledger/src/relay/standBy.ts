import type { JetStreamManager } from '@nats-io/jetstream';
import type { EventStore } from '@rapport/event-store';
import { type FactsStream, indexOf, inspectFactsStream } from '@rapport/messaging';
import type { Pause } from './pause.ts';

/** How often a relay that stands by looks, in milliseconds: it takes over within two looks. */
export const STANDBY_INTERVAL = 250;

export interface StandByOptions {
  readonly manager: JetStreamManager;
  readonly stream: FactsStream;
  readonly store: EventStore;
  readonly pause: Pause;
  readonly signal: AbortSignal;
  readonly onLook: (publishedIndex: number, headIndex: number) => void;
}

/**
 * Looks on while another relay publishes; resolves when the stream stood still for a whole interval although there
 * was something to publish. Only so that relays don't refuse each other all day: that nothing is doubled or left
 * out rests on what the server checks, not on this.
 */
export async function standBy({
  manager,
  stream,
  store,
  pause,
  signal,
  onLook,
}: StandByOptions): Promise<void> {
  let before: { readonly sequence: number; readonly pending: boolean } | undefined;
  while (!signal.aborted) {
    const { sequence, current } = await inspectFactsStream(manager, stream);
    if (!current) return;
    const published = indexOf(stream, sequence);
    const { index: head } = await store.head();
    onLook(published, head);
    if (before?.pending && before.sequence === sequence) return;
    before = { sequence, pending: head > published };
    await pause.for(STANDBY_INTERVAL, signal);
  }
}
