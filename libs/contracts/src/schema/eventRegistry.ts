import * as deadlines from '../events/deadlines.ts';
import * as interactions from '../events/interactions.ts';
import * as ledger from '../events/ledger.ts';
import * as parking from '../events/parking.ts';
import * as profiles from '../events/profiles.ts';
import * as risk from '../events/risk.ts';
import * as satisfaction from '../events/satisfaction.ts';
import * as tickets from '../events/tickets.ts';
import type { EventDefinition, EventVersion } from './eventDefinition.ts';

/** Every event of the public language, by type, in the version that this release reads it in; others stand in `former`. */
export const EVENTS: ReadonlyMap<string, EventDefinition> = register(
  [ledger, profiles, interactions, tickets, risk, satisfaction, deadlines, parking].flatMap(
    (context) => Object.values(context) as unknown as EventDefinition[],
  ),
);

function register(definitions: readonly EventDefinition[]): ReadonlyMap<string, EventDefinition> {
  const events = new Map<string, EventDefinition>();
  for (const definition of definitions) {
    if (typeof definition.type !== 'string')
      throw new TypeError('events/*.ts export definitions, nothing else');
    if (events.has(definition.type)) throw new TypeError(`two definitions of ${definition.type}`);
    events.set(definition.type, definition);
  }
  return events;
}

/**
 * One version of an event, whichever this release reads it in.
 *
 * @throws UnknownEventError: readers are deployed one release before writers, so this is never ignored
 */
export function eventVersion(type: string, version: number): EventVersion {
  const definition = EVENTS.get(type);
  if (definition?.version === version) return definition;
  // Version 1 is the first of those before.
  const former = definition?.former[version - 1];
  if (former === undefined) throw new UnknownEventError(type, version);
  return former;
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
