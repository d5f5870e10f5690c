import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent, type CurrentEvent } from '@rapport/contracts';
import { asRecorded } from '@rapport/event-sourcing';
import { testCaches } from '@rapport/platform/testing';
import { KeysUnavailable } from '@rapport/privacy';
import { StandingKnowledge } from './standingKnowledge.ts';

const MIB = 1024 * 1024;
const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const own = `customer-${customerId}`;
const ofYear = (year: number): string => `purchases-${customerId}-${year}`;

const registered = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '甲公司',
  source: 'website',
});
const opened = (year: number): DomainEvent => event(profileEvents.PurchaseYearOpened, { customerId, year });
const bought = (n: number): DomainEvent =>
  event(profileEvents.PurchaseRecorded, {
    customerId,
    purchaseId: `0f5a7f6e-0000-5000-8000-${String(n).padStart(12, '0')}`,
    purchasedOn: '2026-03-10',
    product: '年度服务',
    amount: { amount: '1.00', currency: 'CNY', cny: '1.00' },
  });

/** A log in memory; what is added to it is followed only when the test says so. */
function log() {
  const events: CurrentEvent[] = [];
  const reads: string[] = [];
  const keys = { available: true, opened: 0 };
  const ledger = {
    /** Runs while an answer is on its way. */
    meanwhile: undefined as (() => void) | undefined,
    readStream: async (stream: string, fromRevision: number): Promise<readonly CurrentEvent[]> => {
      reads.push(stream);
      const answer = events.filter((one) => one.stream === stream && one.revision >= fromRevision);
      const meanwhile = ledger.meanwhile;
      ledger.meanwhile = undefined;
      await Promise.resolve();
      meanwhile?.();
      return answer;
    },
  };
  const opener = {
    open: async (one: CurrentEvent): Promise<CurrentEvent> => {
      if (!keys.available) throw new KeysUnavailable();
      keys.opened += 1;
      return one;
    },
  };
  const record = (stream: string, ...recorded: readonly DomainEvent[]): readonly CurrentEvent[] =>
    recorded.map((one) => {
      const revision = events.filter((other) => other.stream === stream).length;
      const stored = { ...asRecorded(one, revision), stream, index: events.length, position: events.length };
      events.push(stored);
      return stored;
    });
  return { ledger, opener, record, reads, keys };
}

/** Share of what is followed in all caches of a test. */
const FOLLOWED = testCaches(1_000_000).whole('followedStreams') / 1_000_000;

function knowing(maxBytes = 8 * MIB) {
  const made = log();
  const knowledge = new StandingKnowledge(made.ledger, made.opener, testCaches(maxBytes / FOLLOWED), {
    sleep: async () => undefined,
  });
  const size = async (how: 'known' | 'stored' = 'known'): Promise<number> =>
    (await knowledge[how](customerId)).changes.length;
  return { ...made, knowledge, size };
}

describe('what reviews know of a customer', () => {
  it('is read once, and followed from then on', async () => {
    const { record, reads, keys, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    record(ofYear(2026), bought(1), bought(2));
    expect(await size()).toBe(3);
    knowledge.observe(record(ofYear(2026), bought(3)));
    expect(await size()).toBe(4);
    expect(reads).toEqual([own, ofYear(2026)]);
    expect(keys.opened).toBe(3);
  });

  it('holds what was followed while it was read', async () => {
    const { ledger, record, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    ledger.meanwhile = () => {
      ledger.meanwhile = () => knowledge.observe(record(ofYear(2026), bought(1)));
    };
    await size();
    expect(await size()).toBe(2);
  });

  it('is read again where something is missing between what was read and what is followed', async () => {
    const { record, reads, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    expect(await size()).toBe(1);
    record(ofYear(2026), bought(1));
    knowledge.observe(record(ofYear(2026), bought(2)));
    expect(await size()).toBe(3);
    expect(reads).toEqual([own, ofYear(2026), own, ofYear(2026)]);
  });

  it('knows the event that it is asked after, followed or not', async () => {
    const { record, reads, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    await size();
    const [first] = record(ofYear(2026), bought(1));
    expect((await knowledge.known(customerId, first)).changes.length).toBe(2);
    const [second] = record(ofYear(2026), bought(2));
    knowledge.observe([second!]);
    reads.length = 0;
    expect((await knowledge.known(customerId, second)).changes.length).toBe(3);
    expect(reads).toEqual([]);
  });

  it('says what is stored, followed or not', async () => {
    const { record, size } = knowing();
    record(own, registered);
    expect(await size()).toBe(1);
    record(own, opened(2026));
    record(ofYear(2026), bought(1));
    expect(await size()).toBe(1);
    expect(await size('stored')).toBe(2);
  });

  it('R-026 is in the order of the log, whichever stream is read first', async () => {
    const { ledger, record, knowledge } = knowing();
    record(own, registered, opened(2026));
    const designationId = '0f5a7f6e-0000-5000-8000-0000000000dd';
    const approved = event(profileEvents.StrategicDesignationApproved, {
      customerId,
      designationId,
      validUntil: '2027-01-01',
    });
    // Recorded after the customer's stream was read, and before the year's: known later than what came after it.
    ledger.meanwhile = () => {
      record(own, approved);
      record(ofYear(2026), bought(1));
    };
    await knowledge.stored(customerId);
    const { changes } = await knowledge.stored(customerId);
    expect([...changes].map(({ kind, index }) => `${index} ${kind}`)).toEqual([
      '0 registered',
      '2 flagged',
      '3 purchase',
    ]);
  });

  it('contract: a review checks the customer and its last year, however many there were', async () => {
    const { record, reads, knowledge, size } = knowing();
    record(own, registered, ...[2019, 2024, 2025].map(opened));
    record(ofYear(2019), bought(1));
    record(ofYear(2025), bought(2));
    expect((await knowledge.known(customerId)).checks).toEqual({
      profile: { stream: own, expectedRevision: 3, events: [] },
      purchases: [{ stream: ofYear(2025), expectedRevision: 0, events: [] }],
    });
    // A year that ends is read once more; what had ended when it was read is not.
    record(ofYear(2025), bought(3));
    record(own, opened(2026));
    reads.length = 0;
    expect(await size('stored')).toBe(4);
    expect(reads).toEqual([own, ofYear(2025), ofYear(2026)]);
    reads.length = 0;
    await size('stored');
    expect(reads).toEqual([own, ofYear(2026)]);
  });

  it('loses nothing while keys are unavailable', async () => {
    const { record, keys, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    await size();
    keys.available = false;
    knowledge.observe(record(ofYear(2026), bought(1)));
    await expect(size()).rejects.toMatchObject({ kind: 'unavailable' });
    knowledge.observe(record(ofYear(2026), bought(2)));
    await expect(size()).rejects.toMatchObject({ kind: 'unavailable' });
    keys.available = true;
    expect(await size()).toBe(3);
  });

  it('is bounded in bytes: a customer that does not fit is read whenever it is asked for', async () => {
    const { record, reads, size } = knowing(64 * 1024);
    record(own, registered, opened(2026));
    record(ofYear(2026), ...Array.from({ length: 500 }, (_, n) => bought(n)));
    expect(await size()).toBe(501);
    expect(await size()).toBe(501);
    expect(reads).toHaveLength(4);
  });

  it('is bounded in bytes: a customer that outgrows its place is not kept', async () => {
    const { record, reads, knowledge, size } = knowing(16 * 1024);
    record(own, registered, opened(2026));
    await size();
    for (let n = 0; n < 100; n += 1) {
      knowledge.observe(record(ofYear(2026), bought(n)));
      await size();
    }
    expect(reads.length).toBeGreaterThan(4);
  });

  it('is bounded in bytes: events that nobody asks for are not kept', async () => {
    const { record, reads, knowledge, size } = knowing();
    record(own, registered, opened(2026));
    await size();
    for (let n = 0; n < 1_000; n += 1) knowledge.observe(record(ofYear(2026), bought(n)));
    reads.length = 0;
    expect(await size()).toBe(1_001);
    expect(reads).toEqual([own, ofYear(2026)]);
  });
});
