import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyFold, foldEvents, type CommandOutcome } from '@rapport/event-sourcing';
import { MemoryEventStore, StoreError } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import {
  numbersOf,
  TALLY_STREAM,
  TallyService,
  tallyDecider,
  type Tally,
  type TallyCommand,
} from './harness/tally.ts';
import { idOf, World } from './harness/world.ts';
import { wrappedStore } from './harness/wrappedStore.ts';

type Sent = { readonly replica: number; readonly id: number; readonly creates: boolean };

/** What is asked for by this id: the same id is always the same request, as a client's repeats are. */
function commandOf(id: number): TallyCommand {
  return (
    [{ do: 'next' }, { do: 'two' }, { do: 'ensure', number: 1 }, { do: 'next-after', count: 2 }] as const
  )[id % 4]!;
}

/** `ensure` may change nothing, which a creating command may not. */
const sent = fc
  .record({ replica: fc.nat(1), id: fc.nat(7), creates: fc.boolean() })
  .map(({ creates, ...command }) => ({
    ...command,
    creates: creates && commandOf(command.id).do !== 'ensure',
  }));

async function fold(world: World, through = Infinity) {
  const events = (await world.ledger().readStream(TALLY_STREAM, 0)).filter(
    ({ revision }) => revision <= through,
  );
  return foldEvents(tallyDecider, emptyFold(tallyDecider), events);
}

/** Whatever was answered, the log holds each command once, numbers without gap or repeat, and all agree on it. */
async function promisesHold(
  world: World,
  replicas: readonly TallyService[],
  answers: readonly [number, CommandOutcome<Tally>][],
) {
  const stored = await world.stream(TALLY_STREAM);
  expect(numbersOf(stored)).toEqual(stored.map((_, n) => n + 1));
  for (const [id, { events }] of answers) {
    const own = stored.filter(({ commandId }) => commandId === idOf(`command of ${id}`));
    if (events.length === 0) continue;
    expect(events.map((event) => event.id)).toEqual(own.map((event) => event.id));
    expect(own).toHaveLength(commandOf(id).do === 'two' ? 2 : 1);
  }
  for (const replica of replicas) {
    const cached = await replica.commands.peek(TALLY_STREAM);
    expect(cached).toEqual(await fold(world, cached.revision));
    expect(await replica.commands.load(TALLY_STREAM)).toEqual(await fold(world));
  }
}

describe('two replicas with clocks that disagree', () => {
  it('under random concurrent commands lose no update, and every cache is the fold of the store', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(sent, { minLength: 2, maxLength: 12 }),
        fc.integer({ min: -100_000_000, max: 100_000_000 }),
        async (scheduler, commands: readonly Sent[], ahead) => {
          const memory = new MemoryEventStore();
          const world = await World.open({ store: memory });
          const step = <T>(work: () => Promise<T>) => scheduler.schedule(Promise.resolve()).then(work);
          const store = wrappedStore(memory, {
            append: (inner) => async (writes) => {
              const result = await step(() => inner.append(writes));
              return step(async () => result);
            },
            readStream: (inner) => async (stream, options) => {
              const slice = await step(() => inner.readStream(stream, options));
              return step(async () => slice);
            },
          });
          const clocks = [world.clock, { now: () => world.clock.now() + ahead }];
          const replicas = clocks.map(
            (clock) => new TallyService(world.runtime({ clock, ledger: world.ledger({ store, clock }) })),
          );
          const metas = await Promise.all(
            commands.map(({ id }) => world.meta({ commandId: idOf(`command of ${id}`) })),
          );
          const answers: [number, CommandOutcome<Tally>][] = [];
          const all = Promise.all(
            commands.map(async ({ replica, id, creates }, n) => {
              try {
                answers.push([id, await replicas[replica]!.send(commandOf(id), metas[n]!, creates)]);
              } catch (error) {
                if (!(error instanceof Problem && error.kind === 'rule-violated')) throw error;
              }
            }),
          );
          await scheduler.waitFor(all);
          const rest = promisesHold(world, replicas, answers);
          await scheduler.waitFor(rest);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('an answer lost on its way, or an append that never arrived, still gives one effect', async () => {
    const faults = fc.infiniteStream(fc.constantFrom('none', 'none', 'before', 'after'));
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 10 }), faults, async (commands, fault) => {
        const memory = new MemoryEventStore();
        const world = await World.open({ store: memory });
        const lost = () => new StoreError('unavailable', 'the connection broke');
        const store = wrappedStore(memory, {
          append: (inner) => async (writes) => {
            const { value } = fault.next();
            if (value === 'before') throw lost();
            const result = await inner.append(writes);
            if (value === 'after') throw lost();
            return result;
          },
        });
        const replicas = [1, 2].map(
          () => new TallyService(world.runtime({ ledger: world.ledger({ store }) })),
        );
        const answers: [number, CommandOutcome<Tally>][] = [];
        for (const { replica, id, creates } of commands) {
          const meta = await world.meta({ commandId: idOf(`command of ${id}`) });
          // The client repeats with the same id until it has an answer, and may reach either replica.
          for (let turn = replica; ; turn += 1) {
            world.clock.moveTo(world.clock.now() + 1);
            try {
              answers.push([id, await replicas[turn % 2]!.send(commandOf(id), meta, creates)]);
              break;
            } catch (error) {
              if (!(error instanceof Problem)) throw error;
              if (error.kind === 'rule-violated') break;
              expect(error.kind).toBe('unavailable');
            }
          }
        }
        await promisesHold(world, replicas, answers);
      }),
      { numRuns: 60 },
    );
  });

  it('four lost answers in a row are reported, and the repeat finds what was stored', async () => {
    const memory = new MemoryEventStore();
    const world = await World.open({ store: memory });
    let failures = 4;
    const store = wrappedStore(memory, {
      append: (inner) => async (writes) => {
        const result = await inner.append(writes);
        if ((failures -= 1) >= 0) throw new StoreError('unavailable', 'the connection broke');
        return result;
      },
    });
    const service = new TallyService(world.runtime({ ledger: world.ledger({ store }) }));
    const meta = await world.meta({ commandId: idOf('lost') });
    await expect(service.send({ do: 'next' }, meta)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfter: 2 },
    });
    world.clock.moveTo(world.clock.now() + 1_000);
    expect(await service.send({ do: 'next' }, meta)).toMatchObject({ repeated: true, revision: 0 });
    expect(await world.stream(TALLY_STREAM)).toHaveLength(1);
  });
});
