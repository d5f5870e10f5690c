import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { FollowerKind } from '@rapport/platform';
import { goesOnUntilStopped } from './endlessLoops.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Each kind of follower is stalled for real in a test: a new kind does not compile without one. */
const STALLED: Record<FollowerKind, string> = {
  projection: 'libs/views/src/runner/stalledProjection.spec.ts',
  reaction: 'test/e2e/src/stalledReaction.int.spec.ts',
  relay: 'services/ledger/src/process/stalledRelay.int.spec.ts',
  knowledge: 'libs/event-sourcing/src/service/stalledKnowledge.unit.spec.ts',
  erasure: 'libs/hosting/src/erasure/stalledErasures.unit.spec.ts',
  sweeper: 'libs/event-sourcing/src/sweeping/stalledSweep.unit.spec.ts',
  counting: 'libs/event-store/src/kurrentdb/stalledCounting.spec.ts',
};

const PROJECTIONS = 'libs/views/src/runner/projectionRunner.ts';
const RELAY = 'services/ledger/src/process/publishFacts.ts';

/** What goes on until it is told to stop, and the file that registers it as a follower. */
const REGISTERED: Readonly<Record<string, string>> = {
  'libs/views/src/runner/projectionTask.ts': PROJECTIONS,
  'libs/views/src/runner/tenure.ts': PROJECTIONS,
  'libs/views/src/runner/lease.ts': PROJECTIONS,
  'libs/event-sourcing/src/service/logFollower.ts': 'libs/event-sourcing/src/service/logFollower.ts',
  'libs/event-sourcing/src/reaction/reactionRunner.ts': 'libs/event-sourcing/src/reaction/reactionRunner.ts',
  'libs/event-store/src/kurrentdb/logFollower.ts': 'services/ledger/src/process/startLedger.ts',
  'libs/event-sourcing/src/sweeping/sweep.ts': 'libs/event-sourcing/src/sweeping/sweep.ts',
  'libs/event-sourcing/src/campaign/campaignRunner.ts': 'libs/event-sourcing/src/campaign/campaignRunner.ts',
  'libs/event-sourcing/src/parking/sideBySide.ts': 'libs/event-sourcing/src/reaction/reactionRunner.ts',
  'services/projector/src/keeping/keptViews.ts': 'services/projector/src/keeping/keptViews.ts',
  'services/ledger/src/relay/factsRelay.ts': RELAY,
  'services/ledger/src/relay/relaySession.ts': RELAY,
  'services/ledger/src/relay/standBy.ts': RELAY,
  'services/ledger/src/relay/pause.ts': RELAY,
};

const HANDS_OUT = 'hands out what it is asked for: whoever asks is registered';

/** What goes on likewise and is no follower. */
const NO_FOLLOWER: Readonly<Record<string, string>> = {
  'libs/platform/src/following/followers.ts': 'looks at the followers',
  'libs/hosting/src/health/pulse.ts': 'tells itself that a store does not answer',
  'libs/event-store/src/following/followLog.ts': HANDS_OUT,
  'libs/event-store/src/following/sharedTail.ts': HANDS_OUT,
  'libs/event-store/src/kurrentdb/kurrentEventStore.ts': HANDS_OUT,
  'libs/views/src/runner/sharedLog.ts': HANDS_OUT,
  'libs/views/src/runner/logFront.ts': HANDS_OUT,
  'libs/event-sourcing/src/ledger/remoteLedger.ts': HANDS_OUT,
  'libs/event-sourcing/src/ledger/remoteLog.ts': HANDS_OUT,
  'services/ledger/src/recording/ledgerService.ts': HANDS_OUT,
  'services/ledger/src/requests/readRequests.ts': HANDS_OUT,
  'services/projector/src/queries/views.ts': 'gives its log to a LogFollower',
  'services/profiles/src/standingReview/standingKnowledge.ts': 'is told by a LogFollower',
  'libs/event-sourcing/src/parking/retriesAtStart.ts': 'tries once what waits: sweeps go on with it',
};

const TESTS = /\.spec\.ts$|\.fixture\.ts$|\/testing\/|\/conformance\//;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') && !TESTS.test(path) ? [path] : [];
  });
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('no silent stall: every follower is registered', () => {
  it('whatever goes on until it is told to stop is registered, or said to be no follower', () => {
    const found = ['libs', 'services']
      .flatMap((folder) => sources(join(ROOT, folder)))
      .map((path) => relative(ROOT, path))
      .filter((path) => goesOnUntilStopped(read(path), path));
    expect(found.sort()).toEqual([...Object.keys(REGISTERED), ...Object.keys(NO_FOLLOWER)].sort());
  });

  it.each(Object.entries(REGISTERED))('%s is registered by %s', (_, by) => {
    expect(read(by)).toMatch(/followers\s*\.register\(/);
  });

  it.each(Object.entries(STALLED))('a stalled %s is seen in %s', (kind, spec) => {
    expect(read(spec)).toContain(`no silent stall: a stalled ${kind}`);
  });

  it.each([
    'while (!signal.aborted) look();',
    'for (let pause = 1; !this.abort.signal.aborted; pause *= 2) look();',
    'for await (const events of log.follow(after, signal)) take(events);',
  ])('would find %s', (source) => {
    expect(goesOnUntilStopped(source, 'x.ts')).toBe(true);
  });

  it.each(['await view.follow();', 'while (left > 0) look();', 'for (const one of all) look(one);'])(
    'lets %s be',
    (source) => {
      expect(goesOnUntilStopped(source, 'x.ts')).toBe(false);
    },
  );
});
