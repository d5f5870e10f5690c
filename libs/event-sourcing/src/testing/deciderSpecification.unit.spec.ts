import { describe, expect, it } from '@jest/globals';
import { event, profileEvents } from '@rapport/contracts';
import { specification } from './deciderSpecification.ts';
import { expiringDesignations } from './expiringDesignations.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const designationId = '0f5a7f6e-0000-5000-8000-000000000002';
const other = '0f5a7f6e-0000-5000-8000-000000000003';
const { given } = specification(expiringDesignations);

const approved = event(profileEvents.StrategicDesignationApproved, {
  customerId,
  designationId,
  validUntil: '2026-06-01',
});
const ended = event(profileEvents.StrategicDesignationEnded, { customerId, designationId });
const end = { do: 'end', designationId } as const;

describe('given / when / then with deadlines', () => {
  it('tells what is due', () => {
    given(approved)
      .when({ do: 'approve', designation: { customerId, designationId: other, validUntil: '2026-04-01' } })
      .thenDue({
        [`expiry ${other}`]: '2026-04-01T00:00:00+08:00',
        [`expiry ${designationId}`]: '2026-06-01T00:00:00+08:00',
      });
    given(approved).when(end).thenDue({});
  });

  it('tells what follows from time alone; at the instant itself nothing has passed', () => {
    const past = given(approved);
    past.atTime('2026-06-01T00:00:00+08:00').thenNothing();
    const later = past.atTime('2026-06-01T00:00:00.001+08:00');
    later.then(ended);
    later.thenFired(`expiry ${designationId}`);
    later.thenDue({});
  });

  it('fires what is overdue before it decides', () => {
    given(approved).when(end, { now: '2026-06-01T00:00:00+08:00' }).then(ended);
    const late = given(approved).when(end, { now: '2026-06-02T00:00:00+08:00' });
    late.thenRefused({ rule: 'R-020' });
  });

  it('an import is not followed by what was due before it', () => {
    const imported = given().when(
      { do: 'approve', designation: approved.data },
      { now: '2026-07-01T00:00:00+08:00', origin: 'import' },
    );
    imported.thenSkipped(`expiry ${designationId}`);
    imported.thenDue({});
  });

  it('says what differed', () => {
    const later = given(approved).atTime('2026-07-01T00:00:00+08:00');
    expect(() => later.thenNothing()).toThrow('expected nothing');
    expect(() => later.thenFired()).toThrow('fired');
    expect(() => later.thenDue({ expiry: '2026-06-01T00:00:00Z' })).toThrow('due is');
  });
});
