import { afterEach, expect, it } from '@jest/globals';
import type { ServiceName } from '@rapport/platform';
import { MAY_MOVE_CLOCKS, MovedClock } from '../harness/movedClock.ts';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

const MINUTES = 60_000;
/** Two replicas of whoever may have two, as far apart as it gets. */
const AHEAD: Readonly<Record<string, number>> = {
  'profiles-1': 10,
  'profiles-2': -10,
  'tickets-1': -10,
  'tickets-2': 10,
  'interactions-1': 10,
  'satisfaction-1': -10,
  'projector-1': 10,
  'ledger-1': 0,
};
const withClocks = MAY_MOVE_CLOCKS ? it : it.skip;

describeServices('replicas whose clocks are ten minutes wrong', () => {
  let stage: Stage;
  const clocks = new Map<string, MovedClock>();

  async function start(ahead: Readonly<Record<string, number>>): Promise<void> {
    stage = await Stage.start((folder) => ({
      replicas: { profiles: 2, tickets: 2 },
      build: (service, replica) => {
        const name = `${service}-${replica}`;
        const clock = new MovedClock(folder, name, (ahead[name] ?? 0) * MINUTES);
        clocks.set(name, clock);
        return { env: clock.env };
      },
    }));
  }

  const parked = async (): Promise<number> => {
    const services: readonly ServiceName[] = [
      'profiles',
      'tickets',
      'interactions',
      'satisfaction',
      'projector',
    ];
    const alerts = await Promise.all(services.map((service) => stage.alerts(service, 'key parked')));
    return alerts.reduce((sum, count) => sum + count, 0);
  };

  afterEach(() => stage?.stop());

  withClocks(
    'refuse nothing, park nothing and judge every customer, also as the ledger’s clock steps between them',
    async () => {
      await start(AHEAD);
      const load = stage.load('skewed');
      await load.goesOn(150);
      clocks.get('ledger-1')!.move(-10 * MINUTES);
      await load.goesOn(100);
      clocks.get('ledger-1')!.move(10 * MINUTES);
      await load.goesOn(100);
      clocks.get('ledger-1')!.move(0);
      await load.goesOn(50);
      await load.end();
      // What was recorded while the ledger's clock was ahead is judged when time has come there.
      for (const [name, clock] of clocks) clock.move(((AHEAD[name] ?? 0) + 11) * MINUTES);
      await stage.expectAllIsWell();
      expect(await parked()).toBe(0);
    },
    300_000,
  );

  withClocks(
    'go on after all clocks were stepped back a day, and after they were put right',
    async () => {
      await start({});
      const day = 24 * 60 * MINUTES;
      const load = stage.load('stepped');
      await load.goesOn(120);
      for (const clock of clocks.values()) clock.move(-day);
      await load.goesOn(150);
      for (const clock of clocks.values()) clock.move(0);
      await load.goesOn(100);
      await load.end();
      await stage.expectAllIsWell();
      expect(await parked()).toBe(0);
    },
    300_000,
  );
});
