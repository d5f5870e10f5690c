import type { CurrentEvent } from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';
import { decodeStored, unreadableEvent } from '@rapport/privacy';
import type { LogEvent } from '../runner/eventLog.ts';

/** For a SharedLog over events of types that tests make up: each is of the version that it says. */
export function readAsIs(stored: StoredEvent): LogEvent {
  const event = decodeStored(stored);
  return event === undefined ? unreadableEvent(stored, 'no-envelope') : (event as CurrentEvent);
}
