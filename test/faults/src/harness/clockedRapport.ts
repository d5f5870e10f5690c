import { decodeEvent } from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { startStandalone } from '@rapport/service-standalone';
import type { ClockedAnswer, ClockedOrder } from './clockedProcess.ts';

// Rapport, standalone, with its clock in a test's hands: clockedRapport.ts DIR INSTANT
const [, , dir, instant] = process.argv;
if (dir === undefined || instant === undefined) throw new Error('usage: clockedRapport.ts DIR INSTANT');

const alerts: string[] = [];
const note = (alert: string, facts: object): void => void alerts.push(`${alert} ${JSON.stringify(facts)}`);
const standalone = await startStandalone(dir, note, { clockAt: Number(instant) });

async function carryOut(order: ClockedOrder): Promise<unknown> {
  switch (order.do) {
    case 'clock':
      return standalone.clock.moveTo(order.at);
    case 'sweep':
      return standalone.sweep('live');
    case 'settle':
      return standalone.settle();
    case 'send':
      return standalone.sender.send({
        command: order.command,
        commandId: order.commandId ?? systemRandom.uuidv7(standalone.clock.now()),
        payload: order.payload,
        origin: 'live',
        actor: { id: 'manager', roles: ['manager'] },
      });
    case 'log': {
      const events = [];
      for (let from = 0; ;) {
        const page = await standalone.folder.events.readCounted(from, 1_000);
        events.push(...page.map(decodeEvent));
        if (page.length < 1_000) return events;
        from += page.length;
      }
    }
    case 'alerts':
      return alerts;
  }
}

process.on('message', (order: ClockedOrder) => {
  const reply = (answer: Omit<ClockedAnswer, 'id'>): void => void process.send?.({ id: order.id, ...answer });
  void carryOut(order).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: String(error) }),
  );
});
process.send?.({ id: 0 } satisfies ClockedAnswer);
