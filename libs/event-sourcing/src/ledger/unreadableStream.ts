import { isUnreadable, type CurrentEvent, type ReadEvent, type UnreadableEvent } from '@rapport/contracts';
import { Problem } from '@rapport/platform';

const WHY: Readonly<Record<UnreadableEvent['unreadable'], string>> = {
  'no-envelope': 'are not what the ledger stores: compare the store with a backup and verify it',
  'unknown-type': 'were written by a later release: it can be used again when this one is replaced by it',
  'unknown-version': 'were written by a later release: it can be used again when this one is replaced by it',
  'not-upcast': 'do not hold what their version says: a release that reads them is needed',
};

/**
 * A stream holds an event that this release cannot read, so nothing is known of what came after it. It concerns this
 * record alone, and goes away with a release that reads the event: neither tried again nor passed over.
 */
export class UnreadableStream extends Problem {
  constructor(readonly event: UnreadableEvent) {
    const { stream, revision, type, version, unreadable } = event;
    const which = version === undefined ? type : `${type} version ${version}`;
    super({
      kind: 'parked',
      detail: `The record ${stream} waits at revision ${revision} (${which}): its stored bytes ${WHY[unreadable]}.`,
      recorded: { stream, revision },
    });
  }
}

/** All of a stream's events. @throws UnreadableStream at the first that cannot be read */
export function allReadable(events: readonly ReadEvent[]): readonly CurrentEvent[] {
  const unreadable = events.find(isUnreadable);
  if (unreadable !== undefined) throw new UnreadableStream(unreadable);
  return events as readonly CurrentEvent[];
}
