import { describe, expect, it } from '@jest/globals';
import { isPermitted, PERMISSIONS, type Permission } from './permissions.ts';
import { isRole, ROLES, type Role } from './roles.ts';
import { isVisible, VISIBLE_CLASSES } from './visibleClasses.ts';

const holders = (permission: Permission): readonly Role[] => PERMISSIONS[permission];
const permissions = Object.keys(PERMISSIONS) as Permission[];

describe('Roles and what they may do', () => {
  it('R-015 names eleven roles, each with a place in both tables', () => {
    expect(new Set(ROLES).size).toBe(11);
    expect(Object.keys(VISIBLE_CLASSES).sort()).toEqual([...ROLES].sort());
    for (const permission of permissions) {
      expect(holders(permission).every(isRole)).toBe(true);
      expect(new Set(holders(permission)).size).toBe(holders(permission).length);
    }
  });

  it('R-020 lets nobody but a manager approve a strategic designation', () => {
    expect(ROLES.filter((role) => isPermitted('strategic.approve', [role]))).toEqual(['manager']);
  });

  it('R-015 lets the auditor read and never write', () => {
    expect(permissions.filter((permission) => isPermitted(permission, ['auditor']))).toEqual([
      'customers.read',
      'risks.read',
      'events.read',
      'views.read',
    ]);
  });

  it('R-015 permits nothing to an actor without roles, or with one that does not exist', () => {
    for (const permission of permissions) {
      expect(isPermitted(permission, [])).toBe(false);
      expect(isPermitted(permission, ['root' as Role, '__proto__' as Role])).toBe(false);
    }
  });

  it('R-015 adds up the roles of an actor', () => {
    expect(isPermitted('events.read', ['marketing', 'auditor'])).toBe(true);
    expect(isVisible('confidential', ['service-agent', 'risk-officer'])).toBe(true);
  });
});

describe('What roles see in clear', () => {
  it('R-100 shows the auditor and the administrator nothing without a reasoned look', () => {
    for (const fieldClass of ['personal', 'free-text', 'confidential'] as const) {
      expect(isVisible(fieldClass, ['auditor', 'administrator'], '/name')).toBe(false);
    }
  });

  it('R-100 shows finances only to those who answer for them', () => {
    expect(ROLES.filter((role) => isVisible('confidential', [role]))).toEqual([
      'account-manager',
      'sales-consultant',
      'risk-officer',
      'manager',
    ]);
  });

  it('R-100 shows marketing the names of persons and no way to reach them', () => {
    expect(isVisible('personal', ['marketing'], '/fullName')).toBe(true);
    for (const field of ['/phone', '/email', '/wechat', '/birthday', undefined]) {
      expect(isVisible('personal', ['marketing'], field)).toBe(false);
    }
  });

  it('R-100 shows nothing to a role that does not exist', () => {
    expect(isVisible('personal', ['constructor' as Role, '__proto__' as Role])).toBe(false);
  });
});
