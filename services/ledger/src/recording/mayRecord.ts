import { isPermitted, type Actor, type Origin, type Role } from '@rapport/contracts';
import { SYSTEM_ROLE } from '@rapport/event-sourcing';

/** Who may record what did not just happen: imports by those entitled, the demo only while it is lived. */
export function mayRecord({ roles }: Actor, origin: Exclude<Origin, 'live'>, demoAllowed: boolean): boolean {
  const system = roles.includes(SYSTEM_ROLE);
  if (origin === 'demo') return system || demoAllowed;
  return system || isPermitted('imports.run', roles as readonly Role[]);
}
