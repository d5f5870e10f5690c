import { ROLES, type Role } from './roles.ts';

/**
 * What each role may do, as data; asked in one place on the server.
 *
 * The administrator sets the system up: may enter and import what the business roles enter, but approves nothing
 * and sees no person, text or figure in clear (VISIBLE_CLASSES). The auditor reads everything and writes nothing.
 */
export const PERMISSIONS = {
  /** prospects are marketing's, tier C the service desk's. */
  'customers.register': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'marketing',
    'team-lead',
    'data-steward',
    'manager',
    'administrator',
  ],
  'customers.read': ROLES,
  /** */
  'contacts.write': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'team-lead',
    'data-steward',
    'manager',
    'administrator',
  ],
  /** those who may also see the amounts, and the administrator for taking over. */
  'purchases.record': ['account-manager', 'sales-consultant', 'manager', 'administrator'],
  /** an error of entry is corrected by whoever answers for the account, or for the data. */
  'purchases.void': ['account-manager', 'data-steward', 'manager', 'administrator'],
  /** */
  'strategic.request': ['account-manager', 'sales-consultant', 'team-lead', 'manager'],
  /** by a manager, nobody else. */
  'strategic.approve': ['manager'],
  /** */
  'interactions.record': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'marketing',
    'team-lead',
    'risk-officer',
    'manager',
    'administrator',
  ],
  /** */
  'tickets.open': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'team-lead',
    'manager',
    'administrator',
  ],
  /** R-066 gives a prospect's first inquiry to sales, R-069 makes a manager touch tier A's. */
  'tickets.handle': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'team-lead',
    'manager',
    'administrator',
  ],
  /** */
  'tickets.close': [
    'account-manager',
    'service-agent',
    'specialist',
    'team-lead',
    'manager',
    'administrator',
  ],
  /** on a customer's behalf, besides the signed link. */
  'surveys.answer': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'marketing',
    'team-lead',
    'manager',
    'administrator',
  ],
  /** */
  'improvements.write': [
    'account-manager',
    'service-agent',
    'specialist',
    'team-lead',
    'manager',
    'administrator',
  ],
  /** everybody who meets the customer. */
  'risks.identify': [
    'account-manager',
    'sales-consultant',
    'service-agent',
    'specialist',
    'team-lead',
    'risk-officer',
    'manager',
    'administrator',
  ],
  /** */
  'risks.assess': ['account-manager', 'risk-officer', 'manager', 'administrator'],
  'risks.read': [
    'account-manager',
    'sales-consultant',
    'specialist',
    'team-lead',
    'risk-officer',
    'manager',
    'auditor',
    'administrator',
  ],
  'policies.change': ['manager', 'administrator'],
  'persons.erase': ['data-steward', 'administrator'],
  /** The log as stored; sealed fields stay sealed. */
  'events.read': ['auditor', 'administrator'],
  'views.read': ROLES,
  'imports.run': ['data-steward', 'administrator'],
  'projections.manage': ['administrator'],
  /** Recorded dues fire by themselves: no user's doing (contract.md, «Time and effects»). */
  'deadlines.fire': [],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether any of the actor's roles has the permission. */
export function isPermitted(permission: Permission, roles: readonly Role[]): boolean {
  const holders: readonly Role[] = PERMISSIONS[permission];
  return roles.some((role) => holders.includes(role));
}
