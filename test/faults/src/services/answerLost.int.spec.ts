import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceProcess } from '@rapport/local';
import { answered } from '../harness/serviceDesk.ts';
import { until } from '../harness/until.ts';
import { describeServices } from './harness/engines.ts';
import { MutableProxy } from './harness/mutableProxy.ts';
import { Stage } from './harness/stage.ts';

const ROUNDS = 3;

describeServices('the ledger dies between append and answer', () => {
  let stage: Stage;
  let proxy: MutableProxy;

  beforeAll(async () => {
    stage = await Stage.start(undefined, async ({ services, places, ports }) => {
      proxy = await MutableProxy.start(Number(new URL(places.natsUrl).port));
      const behind = { ...places, natsUrl: `nats://127.0.0.1:${proxy.port}` };
      services.set('ledger', [serviceProcess('ledger', 1, ports.get('ledger-1')!, behind)]);
    });
  }, 180_000);

  afterAll(async () => {
    await stage?.stop();
    await proxy?.stop();
  }, 120_000);

  /** Index of the last event that the ledger has stored; its metrics do not go over NATS. */
  const stored = async (): Promise<number> =>
    (await stage.metric('ledger', 'rapport_relay_published_index')) +
    (await stage.metric('ledger', 'rapport_relay_lag_events'));

  it('the command, sent again, gets the stored answer and is recorded once', async () => {
    const load = stage.load('unanswered');
    const ledger = stage.deployment.service('ledger');
    for (let round = 0; round < ROUNDS; round += 1) {
      await load.goesOn(40);
      const before = answered(load.sent).length;
      proxy.mute();
      const index = await stored();
      await until('something stored whose answer is swallowed', async () =>
        (await stored()) > index && proxy.swallowed > 0 ? true : undefined,
      );
      await ledger.kill();
      proxy.unmute();
      await ledger.start();
      await until('those under way are answered', () => (load.answers > before + 8 ? true : undefined));
    }
    await load.end();
    // What was stored before it died was found again, and not recorded anew.
    const found = answered(load.sent).filter(({ answer }) => answer!.body['repeated'] === true);
    expect(found.length).toBeGreaterThanOrEqual(ROUNDS);
    await stage.expectAllIsWell();
  }, 180_000);
});
