import { isPermitted, type Permission, type Role } from '@rapport/contracts';

/**
 * What reading events of a context needs beyond reading customers, which every role may: the permission that its
 * own register needs. By the context in an event's type, `crm.<context>.<EventType>`.
 */
const PERMISSION_OF_CONTEXT: Readonly<Record<string, Permission>> = { risk: 'risks.read' };

/** Whether these roles may see in a customer's history that an event of this type happened. */
export function mayReadEvent(type: string, roles: readonly Role[]): boolean {
  const permission = PERMISSION_OF_CONTEXT[type.split('.')[1] ?? ''];
  return permission === undefined || isPermitted(permission, roles);
}
