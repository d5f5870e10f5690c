import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceProcess } from '@rapport/local';
import { describeServices } from './harness/engines.ts';
import { AnswerProxy } from './harness/answerProxy.ts';
import { Stage } from './harness/stage.ts';

const ROUNDS = 3;

describeServices('the ledger dies between append and answer', () => {
  let stage: Stage;
  let proxy: AnswerProxy;

  beforeAll(async () => {
    stage = await Stage.start(undefined, async ({ deployment: { services, places, ports } }) => {
      proxy = await AnswerProxy.start(Number(new URL(places.natsUrl).port));
      const behind = { ...places, natsUrl: `nats://127.0.0.1:${proxy.port}` };
      services.set('ledger', [serviceProcess('ledger', 1, ports.get('ledger-1')!, behind)]);
    });
  }, 180_000);

  afterAll(async () => {
    await stage?.stop();
    await proxy?.stop();
  });

  it('the command, sent again, gets the stored answer and is recorded once', async () => {
    const load = stage.load('unanswered');
    const ledger = stage.deployment.service('ledger');
    for (let round = 0; round < ROUNDS; round += 1) {
      await load.goesOn(40);
      // It answers after it has stored: so what it answers is in the log, and nobody is told.
      await proxy.swallowAnswer('crm.main.ledger.v1.record');
      await ledger.kill();
      proxy.unmute();
      await ledger.start();
    }
    await load.goesOn(40);
    await load.end();
    // It was found again and not recorded anew.
    const found = load.sent.filter(({ answer }) => answer?.body['repeated'] === true);
    expect(found.length).toBeGreaterThan(0);
    await stage.expectAllIsWell();
  }, 180_000);
});
