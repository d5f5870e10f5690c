import { afterEach, expect, it } from '@jest/globals';
import { Watched } from '@rapport/platform/testing';
import { Registry } from 'prom-client';
import { HealthServer } from '../health/healthServer.ts';
import { observeFollowers } from './observeFollowers.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

it('no silent stall: metrics and /health/followers show distance, ages and standstill of every follower', async () => {
  const watched = new Watched();
  const { followers } = watched;
  ending.push(() => followers.stop());
  const progress = () => ({ position: 4, head: 7 });
  followers.register({ kind: 'projection', name: 'customers@1000', progress });
  followers.register({ kind: 'relay', name: 'facts', progress: () => Promise.reject(new Error('away')) });
  const metrics = new Registry();
  observeFollowers(metrics, followers);
  await watched.aMinute();
  const told = await metrics.metrics();
  const of = 'follower="customers@1000",kind="projection"';
  expect(told).toContain(`rapport_follower_distance_events{${of}} 3\n`);
  expect(told).toContain(`rapport_follower_last_progress_age_seconds{${of}} 60\n`);
  expect(told).toContain(`rapport_follower_oldest_waiting_age_seconds{${of}} 60\n`);
  expect(told).toContain(`rapport_follower_standing_still{${of}} 1\n`);
  expect(told).toContain(`rapport_follower_standing_by{${of}} 0\n`);
  expect(told).toContain(`rapport_follower_measured_age_seconds{${of}} 0\n`);
  // Nothing is known of the other one: no age of figures that there are not.
  expect(told).not.toContain('rapport_follower_measured_age_seconds{follower="facts"');

  const server = { address: '127.0.0.1', port: 0, readiness: () => ({ ready: true }) };
  const health = await HealthServer.start({ ...server, metrics, followers });
  ending.push(() => health.close());
  const answer = await fetch(`http://127.0.0.1:${health.port}/health/followers`);
  expect(await answer.json()).toMatchObject({
    followers: [
      { kind: 'projection', name: 'customers@1000', distance: 3, standsStill: true, sinceProgressMs: 60_000 },
      { kind: 'relay', name: 'facts', distance: 0, standsStill: false },
    ],
  });
});
