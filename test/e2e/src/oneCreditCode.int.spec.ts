import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { profileEvents, type CommandAnswer } from '@rapport/contracts';
import { EmbeddedEventStore, MemoryEventStore, type EventStore } from '@rapport/event-store';
import { ProfilesModule } from '@rapport/service-profiles';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf, World } from './harness/world.ts';

const creditCode = '91350100M000100Y43';

/** KurrentDB's part of this is a rule of the event store's conformance: a name that many want goes to one of them. */
const STORES: readonly (readonly [string, (folder: string) => Promise<EventStore>])[] = [
  ['memory', async () => new MemoryEventStore()],
  ['embedded', (folder) => EmbeddedEventStore.open({ directory: join(folder, 'events') })],
];

describe.each(STORES)('two replicas of profiles on the %s store', (_name, open) => {
  let folder: string;
  let replicas: readonly World[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'one-credit-code-'));
    const store = await open(folder);
    replicas = [await World.open({ store }), await World.open({ store })];
    for (const world of replicas) {
      await world.start({
        with: (runtime) => ProfilesModule.with(runtime, { opener: world.sealer }),
      });
    }
  });
  afterEach(async () => {
    for (const world of replicas) await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('R-001 registrations of one credit code at the same time give one customer', async () => {
    const registering = Array.from({ length: 12 }, (_, n) =>
      replicas[n % 2]!.send(
        'registerCustomer',
        { name: `公司 ${n}`, kind: 'company', creditCode },
        { commandId: idOf(`registration ${n}`) },
      ),
    );
    const answers = await Promise.allSettled(registering);
    const won = answers.filter(
      (answer): answer is PromiseFulfilledResult<CommandAnswer> => answer.status === 'fulfilled',
    );
    const lost = answers.filter((answer): answer is PromiseRejectedResult => answer.status === 'rejected');
    expect(won).toHaveLength(1);
    for (const { reason } of lost) {
      expect(reason).toMatchObject({ details: { rule: 'R-001', errors: [{ field: 'creditCode' }] } });
    }
    const log = await replicas[0]!.log();
    const of = ({ type }: { readonly type: string }) => log.filter((event) => event.type === type);
    expect(of(profileEvents.CustomerRegistered).map(({ customerId }) => customerId)).toEqual([
      won[0]!.value.id,
    ]);
    expect(of(profileEvents.CreditCodeReserved)).toHaveLength(1);
  });
});
