import { describe, expect, it } from '@jest/globals';
import { event, ticketEvents } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { serviceRecordDecider } from './serviceRecordDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const serviceRecordId = '0f5a7f6e-0000-5000-8000-000000000002';
const contactId = '0f5a7f6e-0000-5000-8000-000000000003';
const { given } = specification(serviceRecordDecider);
const input = {
  customerId,
  contactId,
  servedOn: '2024-03-15',
  kind: 'support',
  problem: '系统数据同步异常',
  result: '24小时内修复并同步操作指南',
  servedBy: 'agent-7',
  servedByName: '李工',
  satisfaction: 5,
  remark: '建议增加月度巡检',
} as const;
const persons: readonly string[] = [];
const recorded = event(ticketEvents.ServiceRecorded, { ...input, serviceRecordId });

describe('a service record', () => {
  it('R-043 keeps customer, contact, date, kind, problem, result, who served, satisfaction and remark', () => {
    given().when({ serviceRecordId, input, persons }).then(recorded);
  });

  it('R-043 happened at the start of its day in Shanghai', () => {
    given()
      .when({ serviceRecordId, input, persons })
      .thenDecision(({ events }) => expect(events[0]!.occurredAt).toBe('2024-03-14T16:00:00.000Z'));
  });

  it('R-043 of today happened now, not before what was known this morning', () => {
    given()
      .when(
        { serviceRecordId, input: { ...input, servedOn: '2026-03-10' }, persons },
        { now: '2026-03-10T10:00:00+08:00' },
      )
      .thenDecision(({ events }) => expect(events[0]!.occurredAt).toBeUndefined());
  });

  it('R-043 today is the day in Shanghai: tomorrow begins at 16:00 UTC', () => {
    const tomorrow = { serviceRecordId, input: { ...input, servedOn: '2026-03-11' }, persons };
    given()
      .when(tomorrow, { now: '2026-03-10T15:59:59.999Z' })
      .thenRefused({ kind: 'invalid-input', field: 'servedOn' });
    given()
      .when(tomorrow, { now: '2026-03-10T16:00:00.000Z' })
      .thenDecision(({ events }) => expect(events).toHaveLength(1));
  });

  it('R-043 needs neither contact nor score nor remark', () => {
    const { contactId: _contact, satisfaction: _score, remark: _remark, ...least } = input;
    given()
      .when({ serviceRecordId, input: least, persons })
      .then(event(ticketEvents.ServiceRecorded, { ...least, serviceRecordId }));
  });

  it('R-043 is recorded once', () => {
    given(recorded).when({ serviceRecordId, input, persons }).thenRefused({ rule: 'R-043' });
  });

  it('R-100 is recorded only while nobody whom it names is erased', () => {
    given()
      .when({ serviceRecordId, input, persons: [customerId, contactId] })
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject(
          [customerId, contactId].map((id) => ({ stream: `person-${id}`, expectedRevision: -1, events: [] })),
        ),
      );
  });
});
