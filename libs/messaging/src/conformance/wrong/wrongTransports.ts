import { Problem } from '@rapport/platform';
import { querySubject } from '../../serves.ts';
import { Unanswered, type RequestClient, type RequestOptions } from '../../requestClient.ts';
import { wrongTransport, type WrongTransport } from './wrongTransport.ts';

/** A client that throws something else where the right one throws a problem. */
function failing(
  right: RequestClient,
  otherwise: (problem: Problem) => Promise<never> | Error,
): RequestClient {
  return {
    request: async <Reply>(subject: string, message: object, options?: RequestOptions) => {
      try {
        return await right.request<Reply>(subject, message, options);
      } catch (problem) {
        const other = otherwise(problem as Problem);
        throw await other;
      }
    },
  };
}

function sending(
  right: RequestClient,
  send: (subject: string, message: object, options?: RequestOptions) => [object, RequestOptions | undefined],
): RequestClient {
  return {
    request: (subject, message, options) => right.request(subject, ...send(subject, message, options)),
  };
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What each field of a query has where it is none. */
function completed({
  parameters,
  actor,
  after,
}: {
  parameters?: unknown;
  actor?: object;
  after?: unknown;
}): object {
  const { roles } = { roles: [], ...actor } as { roles: unknown };
  const named = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  return {
    parameters: isRecord(parameters) ? parameters : {},
    actor: { id: 'a', ...(isRecord(actor) && actor), roles: named },
    ...(typeof after === 'string' && { after }),
  };
}

/** Transports with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_TRANSPORTS: readonly WrongTransport[] = [
  wrongTransport(
    'a message without its control characters',
    (right) =>
      sending(right, (_subject, message, options) => {
        const text = JSON.stringify(message).replaceAll(/\\u00[01][0-9a-f]/g, '');
        return [JSON.parse(text) as object, options];
      }),
    'carries a message to its handler and the reply back',
  ),
  wrongTransport(
    'requests at once that share a reply',
    (right) => {
      const underway = new Map<string, Promise<unknown>>();
      return {
        request: <Reply>(subject: string, message: object, options?: RequestOptions) => {
          const known = underway.get(subject);
          if (known !== undefined) return known as Promise<Reply>;
          const reply = right.request<Reply>(subject, message, options);
          underway.set(subject, reply);
          return reply.finally(() => underway.delete(subject));
        },
      };
    },
    'keeps many requests at once apart',
  ),
  wrongTransport(
    'null where there is no reply',
    (right) => ({
      request: async <Reply>(subject: string, message: object, options?: RequestOptions) =>
        ((await right.request(subject, message, options)) ?? null) as Reply,
    }),
    'carries replies that are observables, and empty ones',
  ),
  wrongTransport(
    'a problem of which only the words arrive',
    (right) => failing(right, ({ kind, message }) => new Problem({ kind, detail: message })),
    'carries problems with kind, errors, rule and retryAfter',
    'lets no query reach its handler that is none, and names the field',
  ),
  wrongTransport(
    'a problem that cannot be told from no answer',
    (right) => failing(right, ({ message }) => new Unanswered(message)),
    'carries problems with kind, errors, rule and retryAfter',
  ),
  wrongTransport(
    'a defect that is told in its own words',
    (right) =>
      failing(right, (problem) =>
        problem.kind === 'internal'
          ? new Problem({ kind: 'internal', detail: 'secret 13812345678' })
          : problem,
      ),
    'says of a defect no more than that it happened',
  ),
  wrongTransport(
    'a query that is completed where something is missing',
    (right) =>
      sending(right, (subject, message, options) => [
        subject === querySubject('echo') ? completed(message) : message,
        options,
      ]),
    'lets no query reach its handler that is none, and names the field',
  ),
  wrongTransport(
    'a correlation id that stays behind',
    (right) => sending(right, (_subject, message, options) => [message, { timeoutMs: options?.timeoutMs }]),
    'tells the handler the correlation id and the trace that the caller gives',
  ),
  wrongTransport(
    'a correlation id that another request had',
    (right) => {
      let last: RequestOptions = {};
      return sending(right, (_subject, message, options) => [message, (last = { ...last, ...options })]);
    },
    'tells the handler the correlation id and the trace that the caller gives',
  ),
  {
    ...wrongTransport(
      'an answer that is waited for where nobody serves',
      (right) =>
        failing(right, (problem) =>
          problem instanceof Unanswered ? new Promise<never>(() => undefined) : problem,
        ),
      'says at once that nobody serves it, or that the service has stopped',
    ),
    neverEnds: true,
  },
  wrongTransport(
    'nobody there as an error of the caller',
    (right) =>
      failing(right, (problem) =>
        problem instanceof Unanswered ? new Problem({ ...problem.details, kind: 'not-found' }) : problem,
      ),
    'says at once that nobody serves it, or that the service has stopped',
    'says that it is unanswered when the reply is late, after the time that the caller gives',
  ),
  {
    fault: 'a deadline that goes on when the answer has come',
    make:
      (right) =>
      ({ timers, ...parts } = {}) =>
        right({
          ...parts,
          ...(timers && {
            timers: {
              ...timers,
              schedule(ms, fire) {
                timers.schedule(ms, fire);
                return () => undefined;
              },
            },
          }),
        }),
    rejectedBy: ['says that it is unanswered when the reply is late, after the time that the caller gives'],
  },
  wrongTransport(
    'a deadline of the transport’s own',
    (right) => sending(right, (_subject, message, options) => [message, { ...options, timeoutMs: 5_000 }]),
    'says that it is unanswered when the reply is late, after the time that the caller gives',
  ),
];
