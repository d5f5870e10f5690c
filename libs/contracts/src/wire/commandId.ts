import { canonicalJson } from './canonicalJson.ts';
import { uuid5 } from './uuid5.ts';

/** Namespace of every derived command id; frozen. */
export const COMMAND_NAMESPACE = '6b1f2c1e-6d0a-5d0e-9d4b-3a0f8f2a7c11';

/**
 * Command id of a request with an Idempotency-Key. `route` is the template with its ids filled in,
 * `/api/customers/018f…/purchases`: the template alone would make one command of a key used for two customers.
 */
export function commandIdOfRequest(
  tenant: string,
  actor: string,
  method: string,
  route: string,
  idempotencyKey: string,
): string {
  return uuid5(
    COMMAND_NAMESPACE,
    canonicalJson(['request', tenant, actor, method, route, idempotencyKey.normalize('NFC')]),
  );
}

/**
 * Command id of an imported row whose key names nobody: its business key, or its content and which of equal rows it
 * is. Rows that name people take theirs from a secret namespace, so that nobody can confirm a guess.
 */
export function commandIdOfImport(tenant: string, source: string, ...key: (string | number)[]): string {
  return uuid5(COMMAND_NAMESPACE, canonicalJson(['import', tenant, source, ...key]));
}

/** Command id of one named step of a reaction to one event. */
export function commandIdOfReaction(
  tenant: string,
  reaction: string,
  version: number,
  eventId: string,
  step: string,
): string {
  return uuid5(COMMAND_NAMESPACE, canonicalJson(['reaction', tenant, reaction, version, eventId, step]));
}

/** Command id of the firing of a recorded deadline. */
export function commandIdOfDeadline(tenant: string, deadlineId: string, generation: number): string {
  return uuid5(COMMAND_NAMESPACE, canonicalJson(['deadline', tenant, deadlineId, generation]));
}

/** Id of something that a command creates: the same command creates the same thing. `name` as in `customer`. */
export function derivedId(commandId: string, name: string): string {
  return uuid5(commandId, name);
}
