import { decodeEvent } from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';
import type { LogEvent } from './eventLog.ts';

/** The event with its place; one whose bytes are no envelope as unreadable. */
export function readEvent(stored: StoredEvent): LogEvent {
  try {
    const event = decodeEvent(stored);
    if (event.type !== stored.type) throw new TypeError('the bytes are no envelope of this event');
    return event;
  } catch (error) {
    const { id, type, stream, revision, position, index } = stored;
    const unreadable = error instanceof Error ? error.name : typeof error;
    return { ...UNKNOWN, id, type, stream, revision, position, index, unreadable };
  }
}

/** What nobody can say of such an event. */
const UNKNOWN = {
  specversion: '1',
  version: 0,
  tenant: '',
  occurredAt: '1970-01-01T00:00:00.000Z',
  recordedAt: '1970-01-01T00:00:00.000Z',
  origin: 'live',
  actor: '',
  via: '',
  commandId: '',
  requestHmac: '',
  correlationId: '',
  causationId: '',
  policies: {},
  data: {},
} as const;
