import { ActorAssertions } from '@rapport/messaging';
import type { EventStore } from '@rapport/event-store';
import { AdjustableClock, systemClock, systemRandom, systemTimers } from '@rapport/platform';
import { generateKeyPair } from 'jose';
import { testCaches } from '@rapport/platform/testing';
import { openLog } from '../logIdentity/openLog.ts';
import { LedgerService } from '../recording/ledgerService.ts';

const gateway = await generateKeyPair('EdDSA');

export interface LedgerOnStore {
  readonly ledger: LedgerService;
  readonly logId: string;
  readonly clock: AdjustableClock;
  assertActor(): Promise<string>;
}

/** A ledger on a store. Its clock stands still; replicas share one. */
export async function ledgerOn(store: EventStore, clock = stillClock()): Promise<LedgerOnStore> {
  const actors = new ActorAssertions({ sign: gateway.privateKey, verify: gateway.publicKey }, testCaches());
  const logId = await openLog(store, 'main', { clock, random: systemRandom });
  const ledger = new LedgerService({
    tenant: 'main',
    logId,
    store,
    clock,
    timers: systemTimers,
    actors,
    mayRecord: () => true,
    alert: () => undefined,
  });
  return { ledger, logId, clock, assertActor: () => actors.assert({ id: 'actor-1', roles: ['manager'] }) };
}

function stillClock(): AdjustableClock {
  const clock = new AdjustableClock(systemClock);
  clock.moveTo(Date.parse('2026-03-10T02:00:00.000Z'));
  return clock;
}
