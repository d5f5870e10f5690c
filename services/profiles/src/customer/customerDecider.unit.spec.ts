import { describe, expect, it } from '@jest/globals';
import { derivedId, event, profileEvents, type DomainEvent } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { customerDecider, type CustomerCommand } from './customerDecider.ts';
import { addedContactId } from './contacts.ts';
import { registeredContactId } from './registration.ts';
import { requestedDesignationId } from './strategicDesignation.ts';

const commandId = '0f5a7f6e-0000-5000-8000-00000000000c';
const customerId = derivedId(commandId, 'customer');
const { given } = specification(customerDecider);

const company = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '科技有限公司',
  source: 'unknown',
});
const individual = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'individual',
  name: '李四',
  source: 'unknown',
});
const contactId = '0f5a7f6e-0000-5000-8000-00000000000d';
const contact = (id = contactId): DomainEvent =>
  event(profileEvents.ContactAdded, { customerId, contactId: id, fullName: '张三', isDecisionMaker: false });

const register = (more: object = {}): CustomerCommand => ({
  do: 'register',
  customerId,
  input: { name: '科技有限公司', kind: 'company', ...more },
});

describe('registering a customer', () => {
  it('R-001 R-011 keeps the profile and where the customer came from', () => {
    const input = {
      industry: 'I65',
      creditCode: '91350100M000100Y43',
      region: '华东',
      source: 'referral',
    } as const;
    given()
      .when(register({ ...input, firstCooperationOn: '2026-03-10', externalId: 'K-1' }), { commandId })
      .then(
        event(profileEvents.CustomerRegistered, {
          customerId,
          kind: 'company',
          name: '科技有限公司',
          ...input,
          firstCooperationOn: '2026-03-10',
          externalId: 'K-1',
        }),
      );
  });

  it('R-002 adds its contacts in the same append, with ids derived from the command', () => {
    const contacts = [{ fullName: '张三', salutation: '先生', isDecisionMaker: true }, { fullName: '王五' }];
    given()
      .when(register({ contacts }), { commandId })
      .then(
        company,
        event(profileEvents.ContactAdded, {
          customerId,
          contactId: registeredContactId(commandId, 0),
          fullName: '张三',
          salutation: '先生',
          isDecisionMaker: true,
        }),
        event(profileEvents.ContactAdded, {
          customerId,
          contactId: registeredContactId(commandId, 1),
          fullName: '王五',
          isDecisionMaker: false,
        }),
      );
  });

  it('R-001 reserves the credit code in the same append, refused where another customer has it', () => {
    const creditCodeStream = 'creditCode-0f5a7f6e-0000-5000-8000-00000000000e';
    given()
      .when({ ...register({ creditCode: '91350100M000100Y43' }), creditCodeStream } as CustomerCommand, {
        commandId,
      })
      .thenDecision(({ companions }) => {
        expect(companions).toMatchObject([
          {
            stream: creditCodeStream,
            expectedRevision: -1,
            events: [event(profileEvents.CreditCodeReserved, { customerId })],
          },
        ]);
        expect(companions![0]!.refusal!().details).toMatchObject({
          kind: 'rule-violated',
          rule: 'R-001',
          errors: [{ field: 'creditCode' }],
        });
      });
  });

  it('the same command long afterwards changes nothing', () => {
    given(company).when(register(), { commandId }).thenStandsSince(0);
  });

  it.each([
    ['R-001', 'creditCode', { creditCode: '91350100M000100Y44' }],
    ['R-001', 'creditCode', { kind: 'individual', creditCode: '91350100M000100Y43' }],
    ['R-003', 'firstCooperationOn', { firstCooperationOn: '2026-03-11' }],
    ['R-003', 'firstCooperationOn', { firstCooperationOn: '1899-12-31' }],
    ['R-007', 'industry', { industry: 'A65' }],
    ['R-007', 'industry', { industry: 'I99' }],
    [
      'R-002',
      'contacts[1].birthday',
      { contacts: [{ fullName: '张三' }, { fullName: '王五', birthday: '2026-03-11' }] },
    ],
  ])('%s refuses %s of %j', (_rule, field, more) => {
    given().when(register(more), { commandId }).thenRefused({ kind: 'invalid-input', field });
  });

  it('R-003 today is the day in Shanghai, not that of UTC', () => {
    const late = { commandId, now: '2026-03-10T16:30:00Z' };
    given()
      .when(register({ firstCooperationOn: '2026-03-11' }), late)
      .thenDecision(({ events }) => expect(events).toHaveLength(1));
  });
});

describe('contacts', () => {
  it('R-002 are added, an import repeated finds them there', () => {
    const command: CustomerCommand = {
      do: 'addContact',
      input: { fullName: '张三', phone: '+8613812345678' },
    };
    const id = addedContactId(commandId);
    given(company)
      .when(command, { commandId })
      .then(
        event(profileEvents.ContactAdded, {
          customerId,
          contactId: id,
          fullName: '张三',
          phone: '+8613812345678',
          isDecisionMaker: false,
        }),
      );
    given(company, contact(id)).when(command, { commandId }).thenStandsSince(1);
  });

  it('R-002 leave on a day; another day corrects it, the same one says nothing new', () => {
    const left = (leftOn: string): DomainEvent =>
      event(profileEvents.ContactLeft, { customerId, contactId, leftOn });
    const leave = (leftOn: string): CustomerCommand => ({
      do: 'recordContactLeft',
      contactId,
      input: { leftOn },
    });
    given(company, contact()).when(leave('2026-03-10')).then(left('2026-03-10'));
    given(company, contact(), left('2026-03-10')).when(leave('2026-03-10')).thenNothing();
    given(company, contact(), left('2026-03-10')).when(leave('2026-03-01')).then(left('2026-03-01'));
    given(company, contact())
      .when(leave('2026-03-11'))
      .thenRefused({ kind: 'invalid-input', field: 'leftOn' });
    given(company).when(leave('2026-03-10')).thenRefused({ kind: 'not-found' });
  });

  it('R-100 nothing is recorded about a contact or an individual who was erased', () => {
    const erasedPerson = (personId: string) => [
      { stream: `person-${personId}`, expectedRevision: -1, events: [] },
    ];
    given(company, contact())
      .when({ do: 'recordContactLeft', contactId, input: { leftOn: '2026-03-10' } })
      .thenDecision(({ companions }) => expect(companions).toMatchObject(erasedPerson(contactId)));
    given(individual)
      .when({ do: 'addContact', input: { fullName: '张三' } })
      .thenDecision(({ companions }) => expect(companions).toMatchObject(erasedPerson(customerId)));
    given(company)
      .when({ do: 'addContact', input: { fullName: '张三' } })
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
  });

  it('unknown customers are not found', () => {
    given()
      .when({ do: 'addContact', input: { fullName: '张三' } })
      .thenRefused({ kind: 'not-found' });
  });
});

describe('strategic designations', () => {
  const designationId = requestedDesignationId(commandId);
  const manager = { actor: { id: 'manager-1', roles: ['manager'] } };
  const request: CustomerCommand = {
    do: 'requestDesignation',
    input: { ground: 'industry-benchmark', validUntil: '2027-01-01' },
  };
  const requested = event(profileEvents.StrategicDesignationRequested, {
    customerId,
    designationId,
    ground: 'industry-benchmark',
    validUntil: '2027-01-01',
  });
  const approved = event(profileEvents.StrategicDesignationApproved, {
    customerId,
    designationId,
    validUntil: '2027-01-01',
  });
  const ended = event(profileEvents.StrategicDesignationEnded, { customerId, designationId });
  const approve: CustomerCommand = { do: 'approveDesignation', designationId };
  const end: CustomerCommand = { do: 'endDesignation', designationId };

  it('R-020 are requested until an expiry that is still to come', () => {
    given(company).when(request, { commandId }).then(requested);
    given(company)
      .when({ do: 'requestDesignation', input: { ground: 'growth-potential', validUntil: '2026-03-10' } })
      .thenRefused({ kind: 'invalid-input', field: 'validUntil' });
  });

  it('R-020 one request waits at a time; a repeated one is the same', () => {
    given(company, requested).when(request).thenRefused({ rule: 'R-020' });
    given(company, requested).when(request, { commandId }).thenStandsSince(1);
  });

  it('R-020 are approved by a manager who did not request them', () => {
    given(company, requested).when(approve, manager).then(approved);
    given(company, requested)
      .when(approve, { actor: { id: 'lead-1', roles: ['team-lead', 'administrator'] } })
      .thenRefused({ rule: 'R-020', kind: 'forbidden' });
    // `requested` was recorded by actor-1.
    given(company, requested)
      .when(approve, { actor: { id: 'actor-1', roles: ['manager'] } })
      .thenRefused({ rule: 'R-020', kind: 'rule-violated' });
    given(company, requested, approved).when(approve, manager).thenNothing();
  });

  it('R-020 cannot be approved once expired or ended', () => {
    given(company, requested)
      .when(approve, { ...manager, now: '2027-01-01T00:00:00+08:00' })
      .thenRefused({ rule: 'R-020' });
    given(company, requested, ended).when(approve, manager).thenRefused({ rule: 'R-020' });
    given(company).when(approve, manager).thenRefused({ kind: 'not-found' });
  });

  it('R-026 end before their expiry by a manager, once', () => {
    given(company, requested, approved).when(end, manager).then(ended);
    given(company, requested, approved, ended).when(end, manager).thenNothing();
    given(company, requested, approved)
      .when(end, { ...manager, now: '2027-01-01T00:00:00+08:00' })
      .thenNothing();
    given(company, requested, approved).when(end).thenRefused({ kind: 'forbidden' });
  });
});
