import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  event,
  interactionEvents,
  RECORDING,
  toDoIdOf,
  type DataOf,
  type RecordInteraction,
} from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { toInstant, toMillis } from '@rapport/platform';
import { interactionDecider } from './interactionDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const interactionId = '0f5a7f6e-0000-5000-8000-000000000002';
const contactId = '0f5a7f6e-0000-5000-8000-000000000003';
const { given } = specification(interactionDecider);
const policy = {
  name: 'recording',
  version: 3,
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  value: RECORDING.defaultValue,
};
const call: RecordInteraction = {
  channel: 'call',
  purpose: 'needs',
  startedAt: '2026-03-10T09:00:00+08:00',
  endedAt: '2026-03-10T09:30:00+08:00',
  participants: [contactId],
  content: '讨论续约',
  feedback: '满意',
  nextSteps: [{ text: '寄方案', owner: 'actor-2', dueOn: '2026-03-12', priority: 'high' }],
};
const ended = '2026-03-10T01:30:00.000Z';
const DAY_MS = 86_400_000;

function record(overrides: Partial<RecordInteraction> = {}, persons: readonly string[] = []) {
  return { interactionId, customerId, policy, input: { ...call, ...overrides }, persons };
}

function data(
  now: string | number,
  input: Partial<RecordInteraction> = {},
  origin: 'live' | 'import' | 'demo' = 'live',
) {
  let found: DataOf<typeof interactionEvents.InteractionRecorded> | undefined;
  given()
    .when(record(input), { now: typeof now === 'number' ? toInstant(now) : now, origin })
    .thenDecision(({ events }) => (found = events[0]!.data as typeof found));
  return found!;
}

describe('recording an interaction', () => {
  it('R-040 keeps time, channel, purpose, participants, content, feedback and next steps as to-dos', () => {
    given()
      .when(record(), { now: '2026-03-10T10:00:00+08:00' })
      .then(
        event(interactionEvents.InteractionRecorded, {
          customerId,
          interactionId,
          channel: 'call',
          direction: 'outbound',
          purpose: 'needs',
          startedAt: '2026-03-10T01:00:00.000Z',
          endedAt: ended,
          participants: [contactId],
          content: '讨论续约',
          feedback: '满意',
          place: 'remote',
          toDos: [
            {
              toDoId: toDoIdOf(interactionId, 0),
              text: '寄方案',
              owner: 'actor-2',
              dueOn: '2026-03-12',
              priority: 'high',
            },
          ],
          late: false,
          recordedAfterMs: 1_800_000,
        }),
      );
  });

  it('R-040 happened when it ended, and names the policy version that judged it', () => {
    given()
      .when(record(), { now: '2026-03-10T10:00:00+08:00' })
      .thenDecision(({ events }) => {
        expect(events[0]).toMatchObject({ occurredAt: ended, policies: { recording: 3 } });
      });
  });

  it('R-040 exactly 24 h after its end is in time, a millisecond more is late', () => {
    expect(data(toMillis(ended) + DAY_MS)).toMatchObject({ late: false, recordedAfterMs: DAY_MS });
    expect(data(toMillis(ended) + DAY_MS + 1)).toMatchObject({ late: true, recordedAfterMs: DAY_MS + 1 });
  });

  it('R-040 lateness is the wall clock against the policy, whatever the offset that times are written in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 72 * 3_600_000 }),
        fc.integer({ min: 1, max: 48 }),
        fc.constantFrom('+08:00', '+00:00', '-05:30'),
        (after, interactionHours, offset) => {
          const [sign, hours, minutes] = [offset[0], Number(offset.slice(1, 3)), Number(offset.slice(4))];
          const shift = (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
          const endedAt = toInstant(toMillis(ended) + shift).replace('Z', offset);
          const input = { ...call, startedAt: endedAt, endedAt };
          const own = { ...policy, value: { ...policy.value, interactionHours } };
          given()
            .when(
              { interactionId, customerId, policy: own, input, persons: [] },
              { now: toInstant(toMillis(ended) + after) },
            )
            .thenDecision(({ events }) => {
              expect(events[0]!.data).toMatchObject({
                endedAt: ended,
                recordedAfterMs: after,
                late: after > interactionHours * 3_600_000,
              });
            });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('R-040 imported history is never late: when it was first recorded is not known', () => {
    expect(data(toMillis(ended) + 400 * DAY_MS, {}, 'import')).toMatchObject({
      late: false,
      recordedAfterMs: 400 * DAY_MS,
    });
    given()
      .when(record(), { origin: 'import' })
      .thenDecision(({ events }) => expect(events[0]!.policies).toBeUndefined());
  });

  it('R-040 the demo lives through its days, so its lateness counts', () => {
    expect(data(toMillis(ended) + 2 * DAY_MS, {}, 'demo')).toMatchObject({ late: true });
  });

  it('R-040 does not end before it started; may end when it started', () => {
    given()
      .when(record({ startedAt: '2026-03-10T09:30:00.001+08:00' }))
      .thenRefused({ kind: 'invalid-input', field: 'endedAt' });
    expect(data('2026-03-10T10:00:00+08:00', { startedAt: call.endedAt })).toMatchObject({
      startedAt: ended,
      endedAt: ended,
    });
  });

  it('R-040 is recorded after its end: not in the future, exactly at its end is allowed', () => {
    given()
      .when(record(), { now: '2026-03-10T09:29:59.999+08:00' })
      .thenRefused({ kind: 'invalid-input', field: 'endedAt' });
    expect(data(ended)).toMatchObject({ recordedAfterMs: 0, late: false });
  });

  it('R-039 names nobody twice, and may name nobody', () => {
    expect(data('2026-03-10T10:00:00+08:00', { participants: [contactId, contactId] }).participants).toEqual([
      contactId,
    ]);
    expect(
      data('2026-03-10T10:00:00+08:00', { participants: undefined, nextSteps: undefined }),
    ).toMatchObject({
      participants: [],
      toDos: [],
    });
  });

  it('R-040 each to-do has an id of its own, the same one whenever it is decided', () => {
    const step = call.nextSteps![0]!;
    const ids = () =>
      data('2026-03-10T10:00:00+08:00', { nextSteps: [step, step] }).toDos.map(({ toDoId }) => toDoId);
    expect(new Set(ids()).size).toBe(2);
    expect(ids()).toEqual(ids());
  });

  it('R-034 keeps where we met: as it is said, else as the channel tells, else that nobody said it', () => {
    const placeOf = (input: Partial<RecordInteraction>) => data('2026-03-10T10:00:00+08:00', input).place;
    expect(placeOf({ channel: 'meeting', place: 'customer' })).toBe('customer');
    expect(placeOf({ channel: 'visit' })).toBe('customer');
    expect(placeOf({ channel: 'visit', place: 'ours' })).toBe('ours');
    expect(placeOf({ channel: 'call' })).toBe('remote');
    expect(placeOf({ channel: 'meeting' })).toBe('unstated');
  });

  it('R-043 only a return visit has a score', () => {
    given()
      .when(record({ satisfaction: 4 }))
      .thenRefused({ kind: 'invalid-input', field: 'satisfaction' });
    expect(data('2026-03-10T10:00:00+08:00', { satisfaction: 4, purpose: 'return-visit' }).satisfaction).toBe(
      4,
    );
  });

  it('R-040 is recorded once', () => {
    const recorded = event(interactionEvents.InteractionRecorded, data('2026-03-10T10:00:00+08:00'));
    given(recorded).when(record()).thenRefused({ rule: 'R-040' });
  });
});

describe('R-100 an interaction with persons', () => {
  it('R-100 is recorded only while none of them is erased, each checked once', () => {
    given()
      .when(record({}, [customerId, contactId, contactId]))
      .thenDecision(({ companions }) => {
        expect(companions).toMatchObject(
          [customerId, contactId].map((id) => ({ stream: `person-${id}`, expectedRevision: -1, events: [] })),
        );
        expect(companions![0]!.refusal!().details).toMatchObject({ kind: 'rule-violated', rule: 'R-100' });
      });
  });

  it('R-100 with a company and nobody named checks nothing', () => {
    given()
      .when(record())
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
  });
});
