import { describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  decodeEvent,
  eventId,
  EVENTS,
  eventVersion,
  type JsonValue,
} from '@rapport/contracts';
import { testCaches } from '@rapport/platform/testing';
import { carry, currentEvent, readEvent, Revealer } from '@rapport/privacy';
import { eventAjv } from '../commandHandling/plainEventGate.ts';
import { campaignDecider } from '../campaign/campaignDecider.ts';
import { CustomerDirectory } from '../directory/customerDirectory.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { allReadable } from '../ledger/unreadableStream.ts';
import { parkingDecider } from '../parking/parkingDecider.ts';
import { PolicyBook } from '../policy/policyBook.ts';
import { policyDecider } from '../policy/policyDecider.ts';
import { reactionDecider } from '../reaction/reactionDecider.ts';
import { goldenFile, missingGoldenEvents, wantedGoldenEvents } from './addGoldenEvents.ts';
import { foldGolden } from './foldGolden.ts';
import { goldenEvents, goldenFiles, goldenLog } from './goldenEvents.ts';
import { goldenCodec } from './goldenKeys.ts';

const codec = goldenCodec();
const ajv = eventAjv();
const files = goldenFiles();
const named = goldenLog().map((stored, n) => [files[n]!.path, stored] as const);

describe('golden events, contract «every version of every event ever shipped stays in the golden file»', () => {
  it('are there for every version of every event: run `npm run generate:golden` after a change', () => {
    const missing = missingGoldenEvents().map(
      ({ version, variant, form }) => `${version.type}@${version.version} ${variant}, sealed in form ${form}`,
    );
    expect(missing).toEqual([]);
  });

  it('are what was shipped: no byte of one may change, and none goes away', () => {
    expect(files.length).toBeGreaterThanOrEqual(wantedGoldenEvents().length);
    for (const { path, id, stream, type, data } of files) {
      const bytes = Buffer.from(data, 'utf8');
      const { commandId, version } = JSON.parse(data) as { commandId: string; version: number };
      expect(eventId(commandId, stream, 0, bytes)).toBe(id);
      expect(path).toBe(`${type}@${version}/${id}.json`);
      expect(Buffer.from(canonicalBytes(JSON.parse(data) as JsonValue)).equals(bytes)).toBe(true);
    }
  });

  it('are made the same by whoever adds one', async () => {
    const [wanted] = wantedGoldenEvents();
    expect(await goldenFile(wanted!)).toEqual(await goldenFile(wanted!));
  });

  it.each(named)(
    '%s fits its schemas, as stored and opened, in its version and in the newest',
    async (_path, stored) => {
      const event = decodeEvent(stored);
      const current = allReadable([readEvent(stored)])[0]!;
      for (const one of [event, current]) {
        const { stored: sealed, plain } = eventVersion(one.type, one.version);
        const [fitsSealed, fitsPlain] = [ajv.compile(sealed), ajv.compile(plain)];
        expect(fitsSealed(one.data) || fitsSealed.errors).toBe(true);
        const opened = await codec.open(one);
        expect(fitsPlain(opened.data) || fitsPlain.errors).toBe(true);
      }
      expect(current.version).toBe(EVENTS.get(event.type)!.version);
    },
  );

  it.each(named)(
    '%s is shown in clear to those who may see it, from a view as well',
    async (_path, stored) => {
      const event = currentEvent(decodeEvent(stored));
      const document = JSON.parse(JSON.stringify(carry(event, ''))) as object;
      const shown = await new Revealer(codec).reveal(document, ['manager'], { tenant: 'main' });
      expect(shown).toEqual((await codec.open(event)).data);
      expect(JSON.stringify(shown)).not.toContain('"masked"');
    },
  );

  it('are folded into policies, positions of reactions and campaigns, parked keys and what services know of customers', async () => {
    expect(foldGolden('policy', policyDecider)).toBeGreaterThan(0);
    expect(foldGolden('reaction', reactionDecider)).toBeGreaterThan(0);
    expect(foldGolden('parking', parkingDecider)).toBeGreaterThan(0);
    expect(foldGolden('campaign', campaignDecider)).toBeGreaterThan(0);
    const book = new PolicyBook({ readStream: async () => [] } as unknown as Ledger, () => undefined);
    book.observe(goldenEvents('policy'));
    expect(
      book
        .all('recording')
        .map(({ version }) => version)
        .sort(),
    ).toEqual([1, 2, 3]);

    // A directory reads whole streams: in the order of the definitions, each event after the one before.
    const inOrder = (stream: string, from: number) =>
      goldenEvents()
        .filter((event) => event.stream === stream)
        .map((event, revision) => ({ ...event, revision }))
        .slice(from);
    const ledger = { readStream: async (...asked: [string, number]) => inOrder(...asked) };
    const lost: unknown[] = [];
    const directory = new CustomerDirectory(ledger as unknown as Ledger, testCaches(), (streams) =>
      lost.push(...streams),
    );
    const { customerId } = goldenEvents('customer')[0]!;
    expect(await directory.require(customerId!)).toBeDefined();
    expect(await directory.tier(customerId!)).toMatchObject({ index: expect.any(Number) });
    expect(lost).toEqual([]);
  });
});
