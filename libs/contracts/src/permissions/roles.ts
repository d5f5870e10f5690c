/** R-015, in kebab-case as tokens carry them. */
export const ROLES = [
  'account-manager',
  'sales-consultant',
  'service-agent',
  'specialist',
  'marketing',
  'team-lead',
  'risk-officer',
  'data-steward',
  'manager',
  'auditor',
  'administrator',
] as const;

export type Role = (typeof ROLES)[number];

const roles: ReadonlySet<string> = new Set(ROLES);

export function isRole(text: string): text is Role {
  return roles.has(text);
}
