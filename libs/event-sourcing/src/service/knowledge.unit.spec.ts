import { describe, expect, it } from '@jest/globals';
import {
  event,
  ledgerEvents,
  profileEvents,
  streamName,
  type DomainEvent,
  type CurrentEvent,
  type ReadEvent,
} from '@rapport/contracts';
import { systemTimers, type Timers } from '@rapport/platform';
import { eventually, testCaches, unwatched } from '@rapport/platform/testing';
import type { Ledger } from '../ledger/ledger.ts';
import { allReadable } from '../ledger/unreadableStream.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { Knowledge } from './knowledge.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const contactId = '0f5a7f6e-0000-5000-8000-000000000002';
const customer = streamName('customer', customerId);
const standing = streamName('standing', customerId);
const promptTimers: Timers = { ...systemTimers, sleep: (_ms, signal) => systemTimers.sleep(0, signal) };

const registered = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '甲',
  source: 'referral',
});
const contact = event(profileEvents.ContactAdded, {
  customerId,
  contactId,
  fullName: '张三',
  isDecisionMaker: true,
});
const tier = event(profileEvents.CustomerTierChanged, {
  customerId,
  from: 'prospect',
  to: 'B',
  effectiveAt: '2026-03-01T00:00:00.000Z',
  rule: 'R-020 spend band',
  mode: 'spend-led',
  spendBand: 'B',
  tenureBand: 'B',
  fullYears: 1,
  strategic: false,
  candidate: 'B',
  inputs: { spend365dCny: '200000.00', purchases: 3, asOf: '2026-03-01' },
  knownIndex: -1,
});
const policy = event(ledgerEvents.PolicyChanged, {
  policy: 'recording',
  version: 2,
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  value: { interactionHours: 12, majorEventHours: 24 },
});

/** A log in memory that a test appends to, and may break. */
class Log implements Ledger {
  readonly events: ReadEvent[] = [];
  readonly asked: string[] = [];
  beforeRead: (stream: string) => void = () => undefined;
  broken = 0;
  private wake: () => void = () => undefined;

  append(stream: string, domainEvent: DomainEvent): void {
    const revision = this.events.filter((other) => other.stream === stream).length;
    const position = this.events.length;
    this.events.push({
      ...asRecorded(domainEvent, revision),
      stream,
      position,
      index: position,
    } as CurrentEvent);
    this.wake();
  }

  /** One that a later release wrote. */
  appendUnreadable(stream: string): void {
    const revision = this.events.filter((other) => other.stream === stream).length;
    const position = this.events.length;
    const { type } = profileEvents.CustomerRegistered;
    const place = { id: `later-${position}`, position, index: position, stream, revision, type, version: 99 };
    this.events.push({ unreadable: 'unknown-version', ...place });
    this.wake();
  }

  async readStream(stream: string, fromRevision: number): Promise<readonly CurrentEvent[]> {
    this.asked.push(stream);
    const found = this.events.filter((other) => other.stream === stream && other.revision >= fromRevision);
    this.beforeRead(stream);
    return allReadable(found);
  }

  async readLast(stream: string): Promise<CurrentEvent | undefined> {
    return allReadable(this.events.filter((other) => other.stream === stream)).at(-1);
  }

  async *follow(after: number, signal: AbortSignal): AsyncIterable<readonly ReadEvent[]> {
    for (let from = after + 1; !signal.aborted;) {
      if (this.broken > 0) {
        this.broken -= 1;
        throw new Error('the connection broke');
      }
      const batch = this.events.slice(from);
      from += batch.length;
      if (batch.length > 0) yield batch;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    }
  }

  async head() {
    return { logId: 'log', position: this.events.length - 1, index: this.events.length - 1 };
  }

  record(): never {
    throw new TypeError('not used');
  }
}

async function started(log: Log) {
  const alerts: string[] = [];
  const alert = (text: string, facts: object) => void alerts.push(`${text} ${JSON.stringify(facts)}`);
  const knowledge = new Knowledge(
    { ledger: log, timers: promptTimers, caches: testCaches(), alert, followers: unwatched() },
    'tickets',
  );
  await knowledge.onApplicationBootstrap();
  return { knowledge, alerts };
}

describe('what a service knows', () => {
  it('holds the policies recorded before it started', async () => {
    const log = new Log();
    log.append('policy-recording', policy);
    const { knowledge } = await started(log);
    expect(knowledge.policies.at('recording', Date.parse('2026-03-01T00:00:00Z'))).toMatchObject({
      version: 2,
    });
    await knowledge.onApplicationShutdown();
  });

  it('misses no policy that is recorded while it starts', async () => {
    const log = new Log();
    let done = false;
    log.beforeRead = (stream) => {
      if (done || stream !== 'policy-recording') return;
      done = true;
      log.append('policy-recording', policy);
    };
    const { knowledge } = await started(log);
    await eventually(() => expect(knowledge.policies.all('recording')).toHaveLength(2));
    await knowledge.onApplicationShutdown();
  });

  it('follows customers and tiers, reading each stream once', async () => {
    const log = new Log();
    log.append(customer, registered);
    const { knowledge } = await started(log);
    const { customers } = knowledge;
    await customers.require(customerId);
    expect(await customers.tier(customerId)).toEqual({ value: 'prospect', index: -1 });
    log.append(standing, tier);
    await eventually(async () => expect(await customers.tier(customerId)).toEqual({ value: 'B', index: 1 }));
    expect(log.asked.filter((stream) => stream === standing)).toHaveLength(1);
    await knowledge.onApplicationShutdown();
  });

  it('says that a customer or contact is unknown only after asking the log', async () => {
    const log = new Log();
    const { knowledge } = await started(log);
    const { customers } = knowledge;
    await expect(customers.require(customerId)).rejects.toMatchObject({
      kind: 'not-found',
      message: 'There is no such customer.',
    });
    log.append(customer, registered);
    await customers.require(customerId);
    await expect(customers.require(customerId, [contactId])).rejects.toMatchObject({
      message: 'There is no such contact.',
    });
    log.append(customer, contact);
    await customers.require(customerId, [contactId]);
    await knowledge.onApplicationShutdown();
  });

  it('R-100 says which of those who are named are persons, without reading whether they were erased', async () => {
    const log = new Log();
    log.append(customer, registered);
    log.append(customer, contact);
    const individualId = '0f5a7f6e-0000-5000-8000-000000000003';
    const person = {
      customerId: individualId,
      kind: 'individual',
      name: '李女士',
      source: 'referral',
    } as const;
    log.append(streamName('customer', individualId), event(profileEvents.CustomerRegistered, person));
    const { knowledge } = await started(log);
    const { customers } = knowledge;
    expect(await customers.require(customerId)).toEqual([]);
    expect(await customers.require(customerId, [contactId])).toEqual([contactId]);
    expect(await customers.require(individualId)).toEqual([individualId]);
    expect(await customers.isCompany(customerId)).toBe(true);
    expect(await customers.isCompany(individualId)).toBe(false);
    expect(await customers.isCompany('0f5a7f6e-0000-5000-8000-000000000004')).toBe(false);
    expect(log.asked.filter((stream) => stream.startsWith('person-'))).toEqual([]);
    await knowledge.onApplicationShutdown();
  });

  const another = '0f5a7f6e-0000-5000-8000-000000000009';

  it('stops at an event that it cannot read what it knows of that customer, tells it once, and goes on', async () => {
    const log = new Log();
    log.append(customer, registered);
    log.append(
      streamName('customer', another),
      event(profileEvents.CustomerRegistered, {
        customerId: another,
        kind: 'company',
        name: '乙',
        source: 'referral',
      }),
    );
    const { knowledge, alerts } = await started(log);
    const { customers } = knowledge;
    await customers.require(customerId);
    await customers.require(another);
    log.appendUnreadable(customer);
    log.append(customer, contact);
    log.append(
      streamName('standing', another),
      event(profileEvents.CustomerTierChanged, { ...tier.data, customerId: another }),
    );
    log.append('policy-recording', policy);
    await eventually(() => expect(knowledge.policies.all('recording')).toHaveLength(2));
    expect(await customers.tier(another)).toMatchObject({ value: 'B' });
    await expect(customers.require(customerId, [contactId])).rejects.toMatchObject({ kind: 'parked' });
    await expect(customers.isCompany(customerId)).rejects.toMatchObject({ kind: 'parked' });
    expect(alerts).toEqual([
      'event cannot be read {"service":"tickets","stream":"' +
        `${customer}","revision":1,"position":2,"type":"crm.profiles.CustomerRegistered","version":99,"reason":"unknown-version"}`,
    ]);
    await knowledge.onApplicationShutdown();

    // The release that reads it.
    log.events[2] = { ...log.events[3]!, position: 2, index: 2, revision: 1 } as CurrentEvent;
    log.events[3] = { ...log.events[3]!, revision: 2 } as CurrentEvent;
    const next = await started(log);
    await next.knowledge.customers.require(customerId, [contactId]);
    expect(next.alerts).toEqual([]);
    await next.knowledge.onApplicationShutdown();
  });

  it('stops at a policy that it cannot read what is decided by that policy, and nothing else', async () => {
    const log = new Log();
    log.append(customer, registered);
    const { knowledge } = await started(log);
    log.appendUnreadable('policy-recording');
    log.append(standing, tier);
    await eventually(async () =>
      expect(await knowledge.customers.tier(customerId)).toMatchObject({ value: 'B' }),
    );
    expect(() => knowledge.policies.at('recording', 0)).toThrow(expect.objectContaining({ kind: 'parked' }));
    expect(knowledge.policies.all('tiering')).toHaveLength(1);
    await knowledge.onApplicationShutdown();
  });

  it('takes a broken connection up again where it was, and reports each break', async () => {
    const log = new Log();
    const { knowledge, alerts } = await started(log);
    log.broken = 2;
    log.append('policy-recording', policy);
    await eventually(() => expect(alerts).toHaveLength(2));
    await eventually(() => expect(knowledge.policies.all('recording')).toHaveLength(2));
    expect(alerts[0]).toBe('following the log failed {"service":"tickets","error":"Error"}');
    await knowledge.onApplicationShutdown();
  });

  it('stops when the application stops, also while nothing happens', async () => {
    const { knowledge } = await started(new Log());
    await expect(knowledge.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
