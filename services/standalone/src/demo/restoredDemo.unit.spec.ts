import { describe, expect, it } from '@jest/globals';
import { startOfDay } from '@rapport/calendar';
import { ledgerEvents, streamName } from '@rapport/contracts';
import { MemoryEventStore } from '@rapport/event-store';
import { MemoryKeyStore } from '@rapport/privacy';
import { systemClock, systemRandom } from '@rapport/platform';
import { encodeOwnEvent, openLog, restoreLog } from '@rapport/service-ledger';
import { demoBegins } from './demoPlan.ts';
import { standOfDemo } from './standOfDemo.ts';

/** A log that was opened for the demo, lived up to a day, backed up and restored. */
async function restoredAfter(day: number | undefined, days = 730) {
  const store = new MemoryEventStore();
  const keys = new MemoryKeyStore(systemRandom);
  const now = systemClock.now();
  const bornAt = startOfDay(demoBegins(now));
  const logId = await openLog(store, 'main', { clock: { now: () => bornAt }, random: systemRandom });
  await keys.bindTo(logId);
  if (day !== undefined) {
    const { type, version } = ledgerEvents.DemoAdvanced;
    await store.append([
      encodeOwnEvent({
        tenant: 'main',
        stream: streamName('demo', 'main'),
        expectedRevision: -1,
        commandId: systemRandom.uuidv7(now),
        recordedAt: bornAt,
        event: { type, version, data: { seed: 1, startsOn: demoBegins(now), day, days } },
      }),
    ]);
  }
  await restoreLog({ tenant: 'main', store, keys, clock: systemClock, random: systemRandom, erased: [] });
  return standOfDemo(store, 'main', systemClock.now());
}

describe('the demo in a restored log', () => {
  it('is given up where it was not lived to its end: it would step back before the restore', async () => {
    expect(await restoredAfter(undefined)).toEqual({ status: 'own-history' });
    expect(await restoredAfter(10)).toEqual({ status: 'own-history' });
  });

  it('stays lived where it was', async () => {
    expect(await restoredAfter(730)).toEqual({ status: 'lived' });
  });
});
