import { streamName } from '@rapport/contracts';
import type { CompanionWrite } from '@rapport/event-sourcing';
import { Problem } from '@rapport/platform';

/** Revision of a stream that does not exist. */
const NO_STREAM = -1;

export function personStream(personId: string): string {
  return streamName('person', personId);
}

/** The data of an erased person is gone for good, and no command brings new data about them. */
export function erased(): Problem {
  return new Problem({
    kind: 'rule-violated',
    rule: 'R-100',
    detail: 'The data of this person was erased on request: nothing more is recorded about them.',
  });
}

/** Written with a decision that adds to a person's data: holds only while the person is not erased. */
export function notErased(personId: string): CompanionWrite {
  return { stream: personStream(personId), expectedRevision: NO_STREAM, events: [], refusal: erased };
}
