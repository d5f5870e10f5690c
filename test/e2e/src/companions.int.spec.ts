import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName, type JsonValue } from '@rapport/contracts';
import { CommandHandler, commandHandling, type CommandMeta, type Decider } from '@rapport/event-sourcing';
import { ruleViolated } from '@rapport/platform';
import { idOf, World } from './harness/world.ts';

/** Opens a year on its own stream and reserves a code on another one, together. */
interface Reserve {
  readonly customerId: string;
  readonly expectedRevision: number;
  readonly refuses: boolean;
}

const CODE = streamName('creditCode', idOf('code'));

const reserving: Decider<number, Reserve> = {
  initial: 0,
  decide({ customerId, expectedRevision, refuses }, opened) {
    return {
      events: [event(profileEvents.PurchaseYearOpened, { customerId, year: 2026 + opened })],
      companions: [
        {
          stream: CODE,
          expectedRevision,
          events: [event(profileEvents.CreditCodeReserved, { customerId })],
          ...(refuses && { refusal: () => ruleViolated('R-001', 'The code belongs to another customer.') }),
        },
      ],
    };
  },
  evolve: (opened) => opened + 1,
};

describe('events for two streams', () => {
  let world: World;
  let handler: CommandHandler<number, Reserve>;

  beforeEach(async () => {
    world = await World.open();
    handler = new CommandHandler(commandHandling(world.runtime(), 'profiles'), reserving);
  });

  afterEach(() => world.close());

  function reserve(name: string, meta: CommandMeta, refuses: boolean, renewed?: number) {
    const command = { customerId: idOf(name), expectedRevision: -1, refuses };
    return handler.handle(streamName('customer', command.customerId), command, meta, {
      request: { name: 'Reserve', payload: { name } as JsonValue },
      creates: 'stream',
      ...(renewed !== undefined && { renew: async () => ({ ...command, expectedRevision: renewed }) }),
    });
  }

  it('R-001 are recorded together', async () => {
    await reserve('甲', await world.meta(), true);
    const recorded = (await world.log()).slice(-2);
    expect(recorded.map(({ stream }) => stream).toSorted()).toEqual([
      CODE,
      streamName('customer', idOf('甲')),
    ]);
    expect(recorded[0]!.commandId).toBe(recorded[1]!.commandId);
  });

  it('R-001 or not at all: who finds the other stream taken is refused by it', async () => {
    await reserve('甲', await world.meta(), true);
    await expect(reserve('乙', await world.meta(), true)).rejects.toMatchObject({
      details: { rule: 'R-001' },
    });
    expect(await world.stream(streamName('customer', idOf('乙')))).toEqual([]);
    expect(await world.stream(CODE)).toHaveLength(1);
  });

  it('R-001 of two at once exactly one gets the code', async () => {
    const metas = await Promise.all(
      ['甲', '乙', '丙'].map(async (name) => [name, await world.meta()] as const),
    );
    const answers = await Promise.allSettled(metas.map(([name, meta]) => reserve(name, meta, true)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.stream(CODE)).toHaveLength(1);
  });

  it('a repeat on another replica finds its own reservation, and is not refused by it', async () => {
    const meta = await world.meta({ commandId: idOf('create') });
    const first = await reserve('甲', meta, true);
    world.clock.moveTo(world.clock.now() + 1);
    handler = new CommandHandler(commandHandling(world.runtime(), 'profiles'), reserving);
    const again = await reserve('甲', meta, true);
    expect(again).toMatchObject({ repeated: true, revision: first.revision, position: first.position });
    expect(first.position).toBe((await world.store.head()).position);
    expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
    expect(await world.stream(CODE)).toHaveLength(1);
  });

  it('without a refusal the command is made anew on what stands there', async () => {
    await reserve('甲', await world.meta(), false);
    const { events } = await reserve('乙', await world.meta(), false, 0);
    expect(events).toHaveLength(1);
    expect((await world.stream(CODE)).map(({ customerId }) => customerId)).toEqual([idOf('甲'), idOf('乙')]);
  });
});
