import type { QueryAnswer } from '@rapport/contracts';
import { InProcessTransport, querySubject, type RequestOptions } from '@rapport/messaging';
import { assertQueryAnswer } from './describedAnswers.ts';

const QUERY = querySubject('');

/** The in-process transport, encoding, which holds every answer to a query against its declared shape. */
export class CheckedTransport extends InProcessTransport {
  constructor() {
    super({ encode: true });
  }

  override async request<Reply>(subject: string, message: object, options?: RequestOptions): Promise<Reply> {
    const reply = await super.request<Reply>(subject, message, options);
    if (subject.startsWith(QUERY)) assertQueryAnswer(subject.slice(QUERY.length), reply as QueryAnswer);
    return reply;
  }
}
