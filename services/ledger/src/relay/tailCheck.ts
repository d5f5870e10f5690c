import type { StoredEvent } from '@rapport/event-store';
import {
  factSubject,
  factType,
  type FactsStream,
  type FactsTail,
  indexOf,
  partitionOfEvent,
} from '@rapport/messaging';

export type TailCheck =
  /** The stream's last message is the log's event of that index: go on behind it. */
  | { readonly kind: 'continue'; readonly publishedIndex: number }
  /** The log does not have (or not yet show) an event of that index. */
  | { readonly kind: 'not-in-log'; readonly index: number }
  /** The stream's last message is not what the log says. */
  | { readonly kind: 'foreign'; readonly why: string };

/**
 * Whether a stream that ends so was written from this log. Only the end is looked at: no relay publishes behind a
 * message that is not its own, so what is wrong stands at the end.
 *
 * @param event the log's event of the tail's index, undefined where there is none
 */
export function checkTail(
  stream: FactsStream,
  { sequence, last }: Pick<FactsTail, 'sequence' | 'last'>,
  event: StoredEvent | undefined,
): TailCheck {
  const index = indexOf(stream, sequence);
  if (sequence === 0) return { kind: 'continue', publishedIndex: index };
  const foreign = (why: string): TailCheck => ({ kind: 'foreign', why: `sequence ${sequence}: ${why}` });
  const fact = last?.fact;
  if (last === undefined) return foreign('the stream holds no message any more');
  if (fact === undefined) return foreign('its headers are not those of a fact');
  if (fact.logId !== stream.logId) return foreign('it is of another log');
  if (fact.index !== index) return foreign(`it names index ${fact.index} where ${index} belongs`);
  if (event === undefined) return { kind: 'not-in-log', index };
  if (fact.id !== event.id) return foreign(`its id is not that of the event of index ${index}`);
  if (Buffer.compare(fact.data, event.data) !== 0) return foreign(`its body is not that of index ${index}`);
  if (last.subject !== factSubject(stream.tenant, factType(event.type), partitionOfEvent(event))) {
    return foreign(`its subject is not that of the event of index ${index}`);
  }
  return { kind: 'continue', publishedIndex: index };
}
