import { describe, it } from '@jest/globals';
import { event, profileEvents } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { Map as PersistentMap } from 'immutable';
import { NO_CUSTOMER, type Customer } from '../customer/customerState.ts';
import { personDecider } from './personDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const contactId = '0f5a7f6e-0000-5000-8000-00000000000d';
const company: Customer = {
  ...NO_CUSTOMER,
  registered: true,
  customerId,
  contacts: PersistentMap([[contactId, { since: 1 }]]),
};
const individual: Customer = { ...company, kind: 'individual' };
const erased = (personId: string, isCustomer: boolean) =>
  event(profileEvents.PersonErased, { personId, customerId, isCustomer });
const { given } = specification(personDecider);

describe('erasing a person', () => {
  it('R-100 erases a contact of the customer', () => {
    given().when({ personId: contactId, customer: company }).then(erased(contactId, false));
  });

  it('R-100 erases the customer who is an individual', () => {
    given().when({ personId: customerId, customer: individual }).then(erased(customerId, true));
  });

  it('R-100 a company is no person, and strangers are not found', () => {
    given().when({ personId: customerId, customer: company }).thenRefused({ rule: 'R-100' });
    given()
      .when({ personId: customerId.replace('a', 'b'), customer: company })
      .thenRefused({ kind: 'not-found' });
    given().when({ personId: contactId, customer: NO_CUSTOMER }).thenRefused({ kind: 'not-found' });
  });

  it('R-100 twice changes nothing', () => {
    given(erased(contactId, false)).when({ personId: contactId, customer: company }).thenNothing();
  });
});
