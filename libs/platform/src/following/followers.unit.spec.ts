import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { settled, VirtualTime } from '../testing/virtualTime.ts';
import type { Progress } from './follower.ts';
import { Followers } from './followers.ts';
import { LogProgress } from './logProgress.ts';
import { Rounds } from './rounds.ts';

const MINUTE = 60_000;

describe('no silent stall: followers of a process', () => {
  let time: VirtualTime;
  let told: string[];
  let followers: Followers;

  beforeEach(() => {
    time = new VirtualTime();
    told = [];
    const tell = (what: string, facts: object) => void told.push(`${what} ${JSON.stringify(facts)}`);
    followers = new Followers({ clock: time, timers: time, alert: tell, inform: tell });
  });

  afterEach(() => followers.stop());

  it('are told once within a minute of standing still, and once when they go on', async () => {
    let progress: Progress = { position: 9, head: 9 };
    followers.register({ kind: 'projection', name: 'customers@1', progress: () => progress });
    followers.start();
    await time.pass(60 * MINUTE);
    expect(told).toEqual([]);
    progress = { position: 9, head: 12 };
    await time.pass(MINUTE);
    const facts = { kind: 'projection', follower: 'customers@1', distance: 3 };
    expect(told).toEqual([
      `follower stands still ${JSON.stringify({ ...facts, sinceProgressSeconds: 50, oldestWaitingSeconds: 45 })}`,
    ]);
    expect(followers.statusOf('projection', 'customers@1')).toMatchObject({ distance: 3, standsStill: true });
    await time.pass(600 * MINUTE);
    expect(told).toHaveLength(1);
    progress = { position: 10, head: 12 };
    await time.pass(5_000);
    expect(told.slice(1)).toEqual([`follower goes on ${JSON.stringify({ ...facts, distance: 2 })}`]);
    expect(followers.status()).toMatchObject([{ distance: 2, standsStill: false, measuredMs: 0 }]);
  });

  it('one that never answers keeps none of the others from being seen, and is told itself', async () => {
    let answer: (progress: Progress) => void = () => undefined;
    let [asked, hangs] = [0, false];
    followers.register({
      kind: 'knowledge',
      name: 'tickets',
      progress: () => {
        asked += 1;
        return hangs ? new Promise((resolve) => (answer = resolve)) : { position: 1, head: 1 };
      },
    });
    followers.register({ kind: 'relay', name: 'facts', progress: () => ({ position: 0, head: 1 }) });
    followers.start();
    await settled();
    hangs = true;
    await time.pass(MINUTE);
    expect(told).toHaveLength(2);
    expect(told.find((line) => line.startsWith('follower stands still'))).toContain('"follower":"facts"');
    expect(told.find((line) => line.startsWith('followers cannot be measured'))).toContain(
      '"followers":1,"kind":"knowledge","follower":"tickets"',
    );
    expect(asked).toBe(2);
    hangs = false;
    answer({ position: 1, head: 1 });
    await time.pass(5_000);
    expect(told.slice(2)).toEqual(['followers can be measured again {}']);
  });

  it('one that cannot be measured has not thereby moved: it is told as standing still with what was known', async () => {
    let progress = (): Progress => ({ position: 0, head: 7 });
    followers.register({ kind: 'knowledge', name: 'tickets', progress: () => progress() });
    followers.start();
    await time.pass(5_000);
    progress = () => {
      throw new Error('the store is unavailable');
    };
    await time.pass(MINUTE);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('follower stands still {"kind":"knowledge","follower":"tickets","distance":7');
    expect(told[1]).toContain('followers cannot be measured');
  });

  it('a process that was suspended for two days tells nobody: nothing could go on', async () => {
    let progress: Progress = { position: 0, head: 7 };
    followers.register({ kind: 'reaction', name: 'standing', progress: () => progress });
    followers.start();
    await time.pass(20_000);
    time.jump(48 * 60 * MINUTE);
    await time.pass(5_000);
    progress = { position: 7, head: 7 };
    await time.pass(5_000);
    expect(told).toEqual([]);
  });

  it('one that ended in order is seen no more', async () => {
    const forget = followers.register({
      kind: 'relay',
      name: 'facts',
      progress: () => ({ position: 0, head: 1 }),
    });
    followers.start();
    await time.pass(30_000);
    forget();
    await time.pass(MINUTE);
    expect(told).toEqual([]);
    expect(followers.status()).toEqual([]);
  });

  it('ask a log that several follow for its head once a look', async () => {
    let asked = 0;
    const log = { head: async () => ((asked += 1), { position: 4, index: 4 }) };
    for (const name of ['a', 'b', 'c']) {
      const far = new LogProgress();
      const progress = async (look: Parameters<Parameters<Followers['register']>[0]['progress']>[0]) =>
        far.to(await look.head(log));
      followers.register({ kind: 'knowledge', name, progress });
    }
    followers.start();
    await settled();
    expect(asked).toBe(1);
    expect(followers.status().map(({ distance }) => distance)).toEqual([5, 5, 5]);
  });
});

describe('how far somebody is', () => {
  it('in the log: in counted events, at least one while positions differ, none at the head', () => {
    const far = new LogProgress();
    far.reached(100, 40);
    expect(far.to({ position: 500, index: 47 })).toMatchObject({ position: 100, head: 500, distance: 7 });
    expect(far.to({ position: 120, index: 40 })).toMatchObject({ distance: 1 });
    // Of the streams that are followed nothing lay in between.
    far.reached(500);
    expect(far.to({ position: 500, index: 47 })).toMatchObject({ distance: 0 });
    expect(far.to({ position: 510, index: 48 })).toMatchObject({ distance: 1 });
  });

  it('in rounds: behind while one is under way, or failed and not made good', () => {
    const rounds = new Rounds();
    expect(rounds.progress()).toMatchObject({ position: 0, head: 0 });
    rounds.begin();
    rounds.begin();
    expect(rounds.progress()).toMatchObject({ position: 0, head: 1 });
    rounds.step();
    expect(rounds.progress()).toMatchObject({ steps: 1 });
    rounds.end();
    expect(rounds.progress()).toMatchObject({ position: 1, head: 1 });
  });
});
