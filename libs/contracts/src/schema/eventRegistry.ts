import * as interactions from '../events/interactions.ts';
import * as ledger from '../events/ledger.ts';
import * as profiles from '../events/profiles.ts';
import * as risk from '../events/risk.ts';
import * as satisfaction from '../events/satisfaction.ts';
import * as tickets from '../events/tickets.ts';
import type { EventDefinition } from './eventDefinition.ts';

/** Every event of the public language, by type. An older version stands beside the newer in `versions`. */
export const EVENTS: ReadonlyMap<string, EventDefinition> = new Map(
  [ledger, profiles, interactions, tickets, risk, satisfaction]
    .flatMap((context) => Object.values(context) as unknown as EventDefinition[])
    .map((definition) => [definition.type, definition]),
);

/** @throws UnknownEventError: readers are deployed one release before writers, so this is never ignored */
export function eventDefinition(type: string, version: number): EventDefinition {
  const definition = EVENTS.get(type);
  if (definition === undefined || definition.version !== version) throw new UnknownEventError(type, version);
  return definition;
}

export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';

  constructor(
    readonly type: string,
    readonly version: number,
  ) {
    super(`no definition of event ${type} version ${version}: deploy the release that reads it first`);
  }
}
