import type { Followers, FollowerStatus } from '@rapport/platform';
import { Gauge, type Registry } from 'prom-client';

/** How every follower of this process stands, as of the last look at it. */
export function observeFollowers(metrics: Registry, followers: Pick<Followers, 'status'>): void {
  const gauge = (name: string, help: string, value: (status: FollowerStatus) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['follower', 'kind'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const status of followers.status()) {
          const known = value(status);
          if (known !== undefined) this.set({ follower: status.name, kind: status.kind }, known);
        }
      },
    });
  const seconds = (ms: number): number => ms / 1_000;
  gauge(
    'rapport_follower_distance_events',
    'What lies between a follower and the head',
    ({ distance }) => distance,
  );
  gauge(
    'rapport_follower_last_progress_age_seconds',
    'Since a follower made progress; 0 where it has nothing to do',
    ({ sinceProgressMs }) => seconds(sinceProgressMs),
  );
  gauge(
    'rapport_follower_oldest_waiting_age_seconds',
    'How long the oldest item that a follower has not done has been seen to wait; 0 where none waits',
    ({ oldestWaitingMs }) => seconds(oldestWaitingMs),
  );
  gauge(
    'rapport_follower_standing_still',
    '1 for a follower that has work to do and does none of it',
    ({ standsStill }) => Number(standsStill),
  );
  gauge('rapport_follower_standing_by', '1 for a follower whose work another process does', ({ standsBy }) =>
    Number(standsBy),
  );
  gauge(
    'rapport_follower_measured_age_seconds',
    'Age of what the other metrics tell of a follower',
    ({ measuredMs }) => (measuredMs === undefined ? undefined : seconds(measuredMs)),
  );
}
