import { deadlineEvents } from '@rapport/contracts';
import { freePort, systemMonotonicClock } from '@rapport/platform';
import { openGateway, startStandalone } from '@rapport/service-standalone';
import { reason } from '../notAvailable.ts';
import type { ServerAnswer, ServerOrder } from './serverOrders.ts';

// The product, standalone, with its clock in the bench's hands: sweepingServer.ts DIR BEFORE_DUE
const [, , dir, before] = process.argv;
if (dir === undefined || before === undefined) throw new Error('usage: sweepingServer.ts DIR BEFORE_DUE');

const alerts: string[] = [];
const note = (alert: string, facts: object): void => {
  if (alerts.length < 20) alerts.push(`${alert} ${JSON.stringify(facts)}`);
};
const standalone = await startStandalone(dir, note, { clockAt: Number(before) });
const gateway = await openGateway(standalone, await freePort());
gateway.ready();

let fired = 0;
const following = new AbortController();
const { position } = await standalone.runtime.ledger.head();
void (async () => {
  for await (const events of standalone.runtime.ledger.follow(position, following.signal, ['standing'])) {
    for (const { type } of events) if (type === deadlineEvents.DeadlineFired.type) fired += 1;
  }
})();

async function carryOut(order: ServerOrder): Promise<unknown> {
  switch (order.do) {
    case 'settle':
      return standalone.settle();
    case 'sweep': {
      const times: number[] = [];
      for (let n = 0; n < order.times; n += 1) {
        const start = systemMonotonicClock.now();
        await standalone.sweep('live');
        times.push(systemMonotonicClock.now() - start);
      }
      return times;
    }
    case 'release':
      standalone.clock.release();
      // Its own sweep would come when the next due passes, which it was told by the clock that stood still.
      void standalone.sweep('live').catch((error: unknown) => note('sweep failed', { error: reason(error) }));
      return undefined;
    case 'fired':
      return { fired, alerts, cpuMs: cpuMs() };
    case 'stop':
      following.abort();
      await gateway.close();
      return standalone.close();
  }
}

process.on('message', (order: ServerOrder) => {
  void carryOut(order).then(
    (result) => process.send?.({ id: order.id, result } satisfies ServerAnswer),
    (error: unknown) => process.send?.({ id: order.id, error: reason(error) } satisfies ServerAnswer),
  );
});
process.send?.({ id: 0, result: { port: Number(new URL(gateway.url).port) } } satisfies ServerAnswer);

/** What the process has used of its cores, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
