import { deadlineEvents } from '@rapport/contracts';
import {
  CommandHandler,
  commandHandling,
  DeadlineSweeper,
  expiringDesignations,
} from '@rapport/event-sourcing';
import { freePort, systemMonotonicClock } from '@rapport/platform';
import { openGateway, startStandalone } from '@rapport/service-standalone';
import { reason } from '../notAvailable.ts';
import { DESIGNATIONS } from './overdueHistory.ts';
import type { FiredSoFar, ServerAnswer, ServerOrder } from './serverOrders.ts';

// The product, standalone, with its clock in the bench's hands: sweepingServer.ts DIR BEFORE_DUE
const [, , dir, before] = process.argv;
if (dir === undefined || before === undefined) throw new Error('usage: sweepingServer.ts DIR BEFORE_DUE');

const alerts: string[] = [];
const note = (alert: string, facts: object): void => {
  if (alerts.length < 20) alerts.push(`${alert} ${JSON.stringify(facts)}`);
};
const standalone = await startStandalone(dir, note, { clockAt: Number(before) });
const { runtime } = standalone;
// A service whose dues fire by themselves stands beside those of the product.
new CommandHandler(commandHandling(runtime, DESIGNATIONS), expiringDesignations, { category: 'customer' });
const designations = new DeadlineSweeper(runtime, DESIGNATIONS);
designations.onApplicationBootstrap();
const gateway = await openGateway(standalone, await freePort());
gateway.ready();

let fired = 0;
const following = new AbortController();
const { position } = await runtime.ledger.head();
void (async () => {
  for await (const events of runtime.ledger.follow(position, following.signal)) {
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
    case 'pass':
      standalone.clock.moveTo(order.to);
      // Their own sweeps come when the next due passes, by the clock that stood still until now.
      void standalone.sweep('live').catch((error: unknown) => note('sweep failed', { error: reason(error) }));
      return undefined;
    case 'fired': {
      const { user, system } = process.cpuUsage();
      return { fired, alerts, cpuMs: (user + system) / 1_000 } satisfies FiredSoFar;
    }
    case 'stop':
      following.abort();
      await designations.onApplicationShutdown();
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
