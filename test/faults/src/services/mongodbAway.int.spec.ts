import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { lasts } from './harness/lasts.ts';
import { Stage } from './harness/stage.ts';

/** Longer than a lease (5 s). */
const FROZEN_MS = 7_000;
/** How often a projector is frozen at most, until a write of it was fenced. */
const ROUNDS = 8;

describeServices('views in trouble, under load', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start(() => ({ replicas: { projector: 2 } }));
  }, 180_000);

  afterAll(() => stage?.stop());

  /** What the projectors told of projections that they gave up. */
  function stopped(): readonly string[] {
    return [1, 2].flatMap((replica) => {
      const lines = stage.deployment.service('projector', replica).log().split('\n');
      return lines.filter((line) => line.includes('projection stopped'));
    });
  }

  it('kill -9 of the MongoDB server: commands go on without it, views come after', async () => {
    const load = stage.load('killed');
    await load.goesOn(60);
    await stage.deployment.ferretDb.kill();
    await load.goesOn(100);
    expect(load.client.putOff).toEqual([]);
    expect((await stage.manager.get('/api/customers?limit=1')).status).toBe(503);
    await stage.deployment.ferretDb.start();
    await load.goesOn(40);
    await load.end();
    await stage.expectAllIsWell();
    expect(stopped()).toEqual([]);
  }, 150_000);

  it('a MongoDB server that stands still for longer than a lease: commands go on, views come after', async () => {
    const load = stage.load('slow');
    await load.goesOn(60);
    await stage.deployment.ferretDb.pause();
    await lasts(FROZEN_MS);
    expect(load.client.putOff).toEqual([]);
    stage.deployment.ferretDb.resume();
    await load.goesOn(40);
    await load.end();
    await stage.expectAllIsWell();
    expect(stopped()).toEqual([]);
  }, 150_000);

  it('an owner that sleeps past its lease: another takes over, and what the sleeper then writes is fenced', async () => {
    const load = stage.load('fenced');
    await load.goesOn(40);
    /** Writes that were refused: of a document or a checkpoint by the store, or before it as the lease had run out. */
    const fenced = (): number =>
      [1, 2].flatMap((replica) => [
        ...stage.deployment
          .service('projector', replica)
          .log()
          .matchAll(/was fenced at its (?:document|checkpoint|lease)"/g),
      ]).length;
    const before = fenced();
    const answered = new Set<number>();
    /** Rejects where it is not shown: of several that ask, one is enough. Until NATS finds the sleeper stale, it is asked too. */
    const shown = async (view: string, after: string, answers: string[]): Promise<true> => {
      const { status, stale } = await stage.manager.get(`/api/${view}?after=${after}`);
      answers.push(stale ? `${status} stale` : String(status));
      if (status !== 200 || stale) throw new Error('not shown yet');
      return true;
    };
    for (let round = 0; round < ROUNDS && fenced() === before; round += 1) {
      const sleeper = stage.deployment.service('projector', 1 + (round % 2));
      await load.goesOn(10);
      await sleeper.pause();
      // The other one has taken over when what is recorded now can be read.
      const { body } = await stage.manager.post('/api/customers', { name: '值班', kind: 'company' });
      const after = String(body['position']);
      // Meanwhile nobody is told that it does not exist. Every second question goes to the sleeper, and is answered by
      // nobody.
      const own = Promise.all(
        [1, 2, 3, 4].map(() => stage.manager.get(`/api/customers/${String(body['id'])}?after=${after}`)),
      );
      const others = ['customers', 'tickets', 'tiers/summary', 'satisfaction/summary'].map((view) => {
        const answers: string[] = [];
        return until(
          () => `another owner of ${view} than of replica ${1 + (round % 2)}, but ${answers.join()}`,
          () => Promise.any([1, 2, 3, 4].map(() => shown(view, after, answers))).catch(() => undefined),
          90_000,
        );
      });
      await Promise.all(others);
      for (const { status } of await own) answered.add(status);
      sleeper.resume();
      await load.goesOn(20);
    }
    await load.end();
    expect(fenced()).toBeGreaterThan(before);
    expect([...answered].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(
      (await stage.alerts('projector', 'projection fenced', 1)) +
        (await stage.alerts('projector', 'projection fenced', 2)),
    ).toBeGreaterThan(0);
    await stage.expectAllIsWell();
  }, 280_000);
});
