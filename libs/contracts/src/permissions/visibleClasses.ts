import type { FieldClass, KeyOwnerKind } from '../schema/fieldClass.ts';
import type { Role } from './roles.ts';

export type FieldClassName = FieldClass['class'];

/** The class of what a key seals, by whose key it is. */
export const CLASS_OF_OWNER: Readonly<Record<KeyOwnerKind, FieldClassName>> = {
  person: 'personal',
  customer: 'free-text',
  finance: 'confidential',
};

/** `all` fields of a class, or only the named ones: JSON pointers below an event's data. */
export type Visibility = 'all' | readonly string[];

const everything = { personal: 'all', 'free-text': 'all', confidential: 'all' } as const;

/** Enough to know whom one talks to, not how to reach them. */
const NAMES = ['/name', '/fullName', '/position'] as const;

/**
 * What each role sees in clear; a class that is not named is masked. Least of all that the role's work
 * needs; for the rest there is the look behind the mask, a command with a reason.
 */
export const VISIBLE_CLASSES: Readonly<Record<Role, Readonly<Partial<Record<FieldClassName, Visibility>>>>> =
  {
    /** First responsible for the customer. */
    'account-manager': everything,
    /** Makes quotes and records purchases. */
    'sales-consultant': everything,
    /** Answers customers: who they are and what they wrote, not what they spend. */
    'service-agent': { personal: 'all', 'free-text': 'all' },
    /** First responsible for tier B's service, not for its figures. */
    specialist: { personal: 'all', 'free-text': 'all' },
    /** Knows prospects by name; writes to them through campaigns, which hold the opt-outs. */
    marketing: { personal: NAMES },
    /** Takes escalated tickets. */
    'team-lead': { personal: 'all', 'free-text': 'all' },
    /** Evidence and figures, nobody's telephone number. */
    'risk-officer': { 'free-text': 'all', confidential: 'all' },
    /** Verifies and merges profiles, which needs persons only. */
    'data-steward': { personal: 'all' },
    manager: everything,
    /** Proves history by what is stored; looks behind a mask with a reason. */
    auditor: {},
    /** A technical role: keeps the system running without knowing whom it is about. */
    administrator: {},
  };

/**
 * Whether one of the roles sees a field of this class in clear.
 *
 * @param field its JSON pointer below the event's data; without one only who sees the whole class does
 */
export function isVisible(fieldClass: FieldClassName, roles: readonly Role[], field?: string): boolean {
  return roles.some((role) => {
    const visible = VISIBLE_CLASSES[role]?.[fieldClass];
    return visible === 'all' || (field !== undefined && visible?.includes(field) === true);
  });
}
