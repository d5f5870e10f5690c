import { derivedId, event, profileEvents, type RegisterCustomer } from '@rapport/contracts';
import {
  standsSince,
  type CompanionWrite,
  type Decision,
  type DecisionContext,
} from '@rapport/event-sourcing';
import { invalidInput, Problem } from '@rapport/platform';
import { requirePastDay } from '../businessDays.ts';
import { withSection } from '../standing/industryCode.ts';
import { contactAdded } from './contacts.ts';
import type { Customer } from './customerState.ts';
import { isUnifiedSocialCreditCode } from './unifiedSocialCreditCode.ts';

const NO_STREAM = -1;

export interface RegisterCommand {
  readonly do: 'register';
  readonly customerId: string;
  readonly input: RegisterCustomer;
  /** Stream that reserves the credit code, where there is one. */
  readonly creditCodeStream?: string;
}

/** Id of the i-th contact that is registered together with its customer. */
export function registeredContactId(commandId: string, i: number): string {
  return derivedId(commandId, `contact-${i}`);
}

/** the customer and its contacts, together or not at all. */
export function register(
  { customerId, input, creditCodeStream }: RegisterCommand,
  customer: Customer,
  { commandId, now }: DecisionContext,
): Decision {
  // Its id is derived from the command's: a customer who is here was registered by this command.
  if (customer.registered) return standsSince(0);
  const { name, kind, industry, creditCode, region, firstCooperationOn, source, externalId, contacts } =
    input;
  if (industry !== undefined) requireIndustry(industry);
  if (creditCode !== undefined) requireCreditCode(creditCode, kind);
  if (firstCooperationOn !== undefined) requirePastDay('firstCooperationOn', firstCooperationOn, now);
  return {
    events: [
      event(profileEvents.CustomerRegistered, {
        customerId,
        kind,
        name,
        ...(industry !== undefined && { industry }),
        ...(creditCode !== undefined && { creditCode }),
        ...(region !== undefined && { region }),
        ...(firstCooperationOn !== undefined && { firstCooperationOn }),
        source: source ?? 'unknown',
        ...(externalId !== undefined && { externalId }),
      }),
      ...(contacts ?? []).map((contact, i) =>
        contactAdded(customerId, registeredContactId(commandId, i), contact, now, `contacts[${i}].`),
      ),
    ],
    ...(creditCodeStream !== undefined && { companions: [reservation(creditCodeStream, customerId)] }),
  };
}

function reservation(stream: string, customerId: string): CompanionWrite {
  return {
    stream,
    expectedRevision: NO_STREAM,
    events: [event(profileEvents.CreditCodeReserved, { customerId })],
    refusal: () =>
      new Problem({
        kind: 'rule-violated',
        rule: 'R-001',
        detail: 'Another customer has this unified social credit code. Look for that customer first.',
        errors: [{ field: 'creditCode', message: 'belongs to another customer' }],
      }),
  };
}

function requireCreditCode(creditCode: string, kind: string): void {
  if (kind !== 'company') throw invalidInput('creditCode', 'only companies have one (R-001): leave it out');
  if (!isUnifiedSocialCreditCode(creditCode)) {
    throw invalidInput(
      'creditCode',
      'its check character is wrong (R-001): compare it with the business licence',
    );
  }
}

/** the division must lie in the section that the letter names. */
function requireIndustry(industry: string): void {
  if (industry.length > 1 && withSection(industry.slice(1)) !== industry) {
    throw invalidInput(
      'industry',
      'this division is not in that section of GB/T 4754 (R-007): check letter and digits',
    );
  }
}
