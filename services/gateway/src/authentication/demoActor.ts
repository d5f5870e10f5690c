import { uuid5, type Actor, type Role } from '@rapport/contracts';

/** Namespace of the opaque ids of the demo's people; no secret. */
const ACTOR_NAMESPACE = '0b6f4f6c-5e1d-5b1a-8f0e-6a1b8d1d7c55';

/** The opaque id of the demo's one person in a role. */
export function demoActor(role: string): Actor {
  return { id: uuid5(ACTOR_NAMESPACE, `demo/${role}`), roles: [role as Role] };
}
