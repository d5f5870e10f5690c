import { EVENTS, type CurrentEvent } from '@rapport/contracts';
import { uuid } from '@rapport/event-store/conformance';
import type { Ledger, RecordRequest, RecordResult } from '../../ledger/ledger.ts';
import { wrongLedger, type WrongLedger } from './wrongLedger.ts';

/** A ledger that records as it should and answers otherwise. */
function answering(right: Ledger, answer: (result: RecordResult) => RecordResult): Pick<Ledger, 'record'> {
  return { record: async (request) => answer(await right.record(request)) };
}

function showing(right: Ledger, show: (events: readonly CurrentEvent[]) => readonly CurrentEvent[]) {
  return answering(right, (result) =>
    result.outcome === 'recorded' ? { ...result, events: show(result.events) } : result,
  );
}

function expectingInstead(request: RecordRequest, stream: string, expectedRevision: number): RecordRequest {
  const writes = request.writes.map((write) =>
    write.stream === stream ? { ...write, expectedRevision } : write,
  );
  return { ...request, writes };
}

export const WRONG_RECORDING: readonly WrongLedger[] = [
  wrongLedger(
    'dues that fired before a command, recorded as its own events',
    (right) => ({
      record: ({ firings: _firings, ...request }) =>
        right.record({
          ...request,
          writes: request.writes.map((write) => ({
            ...write,
            events: write.events.map(({ firing: _firing, ...event }) => event),
          })),
        }),
    }),
    'recording › records dues that fired with the command that came after them, each as a command of its own',
  ),
  wrongLedger(
    'a clock that is kept to oneself',
    (right) =>
      answering(right, (result) => {
        if (result.outcome !== 'rejected') return result;
        const { clock: _clock, ...rejected } = result;
        return rejected;
      }),
    'recording › tells its clock where what is proposed lies ahead of it',
  ),
  wrongLedger(
    'an answer made of what was proposed',
    (right) => showing(right, (events) => events.map((event, n) => ({ ...event, position: n, index: n }))),
    'recording › answers with what is stored, envelope and place',
    'recording › records a command once that is sent many times at once',
    'recording › answers with more events than one message carries, in order, also when repeated',
  ),
  wrongLedger(
    'a head that lags behind what was answered',
    (right) => ({
      async head() {
        const head = await right.head();
        return { ...head, index: head.index - 1 };
      },
    }),
    'recording › answers with what is stored, envelope and place',
  ),
  wrongLedger(
    'a conflict that names what was expected',
    (right) => ({
      async record(request) {
        const result = await right.record(request);
        if (result.outcome !== 'conflict') return result;
        const streams = request.writes.map(({ stream, expectedRevision }) => ({
          stream,
          actualRevision: expectedRevision,
        }));
        return { ...result, streams };
      },
    }),
    'recording › answers a conflict with the revisions that stand there',
  ),
  wrongLedger(
    'a record that is not atomic',
    (right) => ({
      async record(request) {
        let last: RecordResult | undefined;
        for (const write of request.writes) {
          last = await right.record({ ...request, writes: [write] });
          if (last.outcome !== 'recorded') return last;
        }
        return last!;
      },
    }),
    'recording › records all streams of a command or none',
    'recording › answers with more events than one message carries, in order, also when repeated',
  ),
  wrongLedger(
    'a record of what is left when the rest may not be history',
    (right) => ({
      record: (request) =>
        right.record({
          ...request,
          writes: request.writes.map((write) => ({
            ...write,
            events: write.events.filter(({ type }) => EVENTS.has(type)),
          })),
        }),
    }),
    'recording › rejects what may not become history, and says which field',
  ),
  wrongLedger(
    'a rejection that names no field',
    (right) =>
      answering(right, (result) =>
        result.outcome === 'rejected'
          ? { ...result, problem: { kind: result.problem.kind, detail: result.problem.detail } }
          : result,
      ),
    'recording › rejects what may not become history, and says which field',
  ),
  wrongLedger(
    'an actor who is believed because another one was',
    (right) => {
      let believed: string | undefined;
      return {
        record: (request) =>
          right.record({ ...request, actorAssertion: (believed ??= request.actorAssertion) }),
      };
    },
    'recording › rejects what may not become history, and says which field',
  ),
  wrongLedger(
    'a repeat that is a conflict',
    (right) =>
      answering(right, (result) =>
        result.outcome === 'recorded' && result.repeated ? { outcome: 'conflict', streams: [] } : result,
      ),
    'recording › answers a repeated command with what was stored, however it is decided this time',
    'recording › records a command once that is sent many times at once',
    'recording › answers with more events than one message carries, in order, also when repeated',
  ),
  wrongLedger(
    'a command id of the ledger’s own',
    (right) => ({ record: (request) => right.record({ ...request, commandId: uuid() }) }),
    'recording › answers a repeated command with what was stored, however it is decided this time',
    'recording › records a command once that is sent many times at once',
  ),
  wrongLedger(
    'a record that gives way on a conflict and records at the head',
    (right) => ({
      async record(request) {
        for (let asked = request; ;) {
          const result = await right.record(asked);
          if (result.outcome !== 'conflict') return result;
          for (const { stream, actualRevision } of result.streams) {
            asked = expectingInstead(asked, stream, actualRevision);
          }
        }
      },
    }),
    'recording › answers a conflict with the revisions that stand there',
    'recording › records all streams of a command or none',
    'recording › records one of many that want the same place, and tells the others',
  ),
  wrongLedger(
    'an answer of one message',
    (right) => showing(right, (events) => events.slice(0, 1_000)),
    'recording › answers with more events than one message carries, in order, also when repeated',
  ),
  wrongLedger(
    'a lost store that counts as a refusal',
    (right) => ({
      record: (request) =>
        right.record(request).catch(() => ({
          outcome: 'rejected',
          problem: { kind: 'internal', detail: 'The store is gone.' },
        })),
    }),
    'recording › does not say that nothing was recorded when its store is gone',
  ),
  wrongLedger(
    'a lost store that counts as an empty one',
    (right) => ({
      readStream: (stream, from) => right.readStream(stream, from).catch(() => []),
      readLast: (stream) => right.readLast(stream).catch(() => undefined),
    }),
    'recording › does not say that nothing was recorded when its store is gone',
  ),
];
