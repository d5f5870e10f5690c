import { Controller } from '@nestjs/common';
import type { QueryAnswer, QueryMessage, Role } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { notFound, type RecordedPlace } from '@rapport/platform';
import { mayReadEvent } from './readableHistory.ts';
import { Views } from './views.ts';

/** Single events of the log, as their reader may see them. */
@Controller()
export class HistoryQueries {
  constructor(private readonly views: Views) {}

  /** Asked by services only: the event at a place, its fields opened or masked for the actor. */
  @ServesQuery('history.entry')
  entry(message: QueryMessage<RecordedPlace>): Promise<QueryAnswer> {
    const { stream, revision } = message.parameters;
    return this.views.answer([], message, async () => {
      const [entry] = await this.views.history(stream, revision, 1);
      if (entry === undefined || !mayReadEvent(entry.type, message.actor.roles as readonly Role[])) {
        throw notFound('event', 'revision');
      }
      return { body: entry };
    });
  }
}
