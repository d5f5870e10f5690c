import type { Actor, WriteFormats } from '@rapport/contracts';
import type { RequestClient } from '@rapport/messaging';
import type { Backlog, CacheBudget, Clock, Followers, Timers } from '@rapport/platform';
import type { CommandHandling, EventSealer } from '../commandHandling/commandHandler.ts';
import { DEADLINES_ACTOR } from '../commandHandling/streamDues.ts';
import type { ProcessDeadlines } from '../deadlines/processDeadlines.ts';
import { PlainEventGate } from '../commandHandling/plainEventGate.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { SYSTEM_ROLE } from './systemRole.ts';

/** What a process gives to each service in it. */
export interface ServiceRuntime {
  readonly tenant: string;
  /** Identity of the log that the ledger keeps. */
  readonly logId: string;
  readonly ledger: Ledger;
  readonly sealer: EventSealer;
  readonly requests: RequestClient;
  /** Business time. */
  readonly clock: Clock;
  readonly timers: Timers;
  /** Where whatever follows something registers: nothing stands still in silence. */
  readonly followers: Pick<Followers, 'register'>;
  /** What waits for streams in this process: streamBacklog(). */
  readonly backlog: Backlog;
  /** What is written while releases roll out (docs/upgrade.md); default: what is current. */
  readonly writeFormats?: WriteFormats;
  /** Keyed HMAC of a canonical request. */
  readonly requestHmac: (request: string) => string;
  /** Id in a secret namespace: of what other systems, or people, named (contract.md, «The log»). */
  readonly secretId: (kind: string, name: string) => string;
  /** Signs for what the service does by itself: reactions, deadlines. */
  readonly assertActor: (actor: Actor) => Promise<string>;
  /** The deadlines of this process's services. */
  readonly deadlines: ProcessDeadlines;
  /** What the caches of the process may hold. */
  readonly caches: CacheBudget;
  /** Tells whoever is on call; never with personal data. */
  readonly alert: (alert: string, facts: Readonly<Record<string, string | number>>) => void;
}

/** Nest's injection token of the ServiceRuntime. */
export const SERVICE_RUNTIME = Symbol('SERVICE_RUNTIME');

/** What the command handlers of the service `via` share. */
export function commandHandling(runtime: ServiceRuntime, via: string): CommandHandling {
  const { tenant, ledger, sealer, clock, backlog, requestHmac, caches, writeFormats, deadlines } = runtime;
  return {
    tenant,
    via,
    ledger,
    sealer,
    clock,
    backlog,
    requestHmac,
    caches,
    gate: new PlainEventGate(),
    ...(writeFormats !== undefined && { writeFormats }),
    assertDeadlines: () => runtime.assertActor({ id: DEADLINES_ACTOR, roles: [SYSTEM_ROLE] }),
    targets: deadlines.of(via),
    load: deadlines,
  };
}
