import { commandIdOfImport, derivedId, streamName, type JsonValue } from '@rapport/contracts';
import { addDays, startOfDay } from '@rapport/calendar';
import {
  commandHandling,
  CommandHandler,
  systemMeta,
  type CommandSender,
  type ServiceRuntime,
  type SweepOrigin,
} from '@rapport/event-sourcing';
import type { EventStore } from '@rapport/event-store';
import { toInstant, type AdjustableClock, type EpochMillis } from '@rapport/platform';
import { demoActor } from '@rapport/service-gateway';
import { demoBegins, demoPlan, DEMO_SEED } from './demoPlan.ts';
import { standOfDemo } from './standOfDemo.ts';
import { HOUR, type DemoDay, type KnownIds, type PlannedAction } from './plannedAction.ts';
import { progressDecider, type DemoProgress } from './progressDecider.ts';

export interface DemoPorts {
  readonly folder: { readonly events: EventStore };
  readonly runtime: ServiceRuntime;
  /** Where the demo is unfinished it stands in the past already, so that nothing is recorded before or beside it. */
  readonly clock: AdjustableClock;
  /** The real instant: the demo ends the day before. */
  readonly now: EpochMillis;
  readonly sender: CommandSender;
  /** Resolves when every reaction has reacted to what is recorded so far, and these views show it. */
  readonly settle: (views?: readonly string[]) => Promise<void>;
  /** Fires the recorded dues up to the clock's instant. */
  readonly sweep: (origin: SweepOrigin) => Promise<void>;
  readonly progress: (day: number, days: number) => void;
  readonly signal: AbortSignal;
  /** What is lived; default: the demo's two years. */
  readonly plan?: readonly (readonly PlannedAction[])[];
}

/** Progress is recorded every so many days; a demo that is cut off begins again there, and repeats are recognised. */
const DAYS_A_RECORD = 10;

/**
 * Lives the demo's two years on an empty store: the same commands that users send, by moving the clock through the
 * days up to today, never back. Cut off, it goes on where it was at the next start. The clock is handed back when it
 * is done; cut off, it stands still, so that what is under way is not recorded after the demo.
 *
 * @returns whether it was lived now, had been lived before, or was left alone because the store has other history
 */
export async function liveDemo(ports: DemoPorts): Promise<'lived' | 'lived-before' | 'own-history'> {
  const { runtime, clock, now, signal } = ports;
  const handler = new CommandHandler(commandHandling(runtime, 'standalone'), progressDecider);
  const stream = streamName('demo', runtime.tenant);
  const plan = ports.plan ?? demoPlan();
  const stand = await standOfDemo(ports.folder.events, runtime.tenant, now);
  if (stand.status !== 'unfinished') {
    clock.release();
    return stand.status === 'lived' ? 'lived-before' : 'own-history';
  }
  const startsOn = stand.startsOn ?? demoBegins(now);
  const move = (instant: EpochMillis): void => clock.moveTo(Math.max(instant, stand.reached));
  const day: DemoDay = {
    date: (n) => addDays(startsOn, n),
    instant: (n, time) => toInstant(startOfDay(addDays(startsOn, n)) + time),
  };
  const record = async (done: number): Promise<void> => {
    const command: DemoProgress = { seed: DEMO_SEED, day: done, days: plan.length, startsOn };
    const commandId = commandIdOfImport(runtime.tenant, 'demo-progress', startsOn, done);
    const meta = await systemMeta(runtime, 'system-demo', {
      commandId,
      correlationId: commandId,
      causationId: commandId,
    });
    await handler.handle(stream, command, meta, {
      request: { name: 'demo.Advance', payload: command as unknown as JsonValue },
    });
  };

  if (stand.startsOn === undefined) {
    move(startOfDay(startsOn));
    await record(0);
  }
  const ids = new DemoIds(runtime.tenant);
  for (let n = stand.day; n < plan.length; n += 1) {
    signal.throwIfAborted();
    // What is due at midnight has passed a millisecond later.
    move(startOfDay(day.date(n)) + 1);
    await ports.sweep('demo');
    await liveDay(ports, plan[n]!, day, ids, move);
    // The next day's dues are asked of this view; the others may follow at their own pace.
    await ports.settle(['deadlines']);
    if ((n + 1) % DAYS_A_RECORD === 0 || n + 1 === plan.length) await record(n + 1);
    ports.progress(n + 1, plan.length);
  }
  clock.release();
  await ports.sweep('demo');
  await ports.settle();
  return 'lived';
}

/** What happens within a quarter of a day is done side by side, one customer's actions one after the other. */
async function liveDay(
  ports: DemoPorts,
  actions: readonly PlannedAction[],
  day: DemoDay,
  ids: DemoIds,
  move: (instant: EpochMillis) => void,
): Promise<void> {
  for (const together of grouped(actions, ({ time }) => Math.floor(time / (6 * HOUR)))) {
    const last = together.at(-1)!;
    move(startOfDay(day.date(last.day)) + last.time);
    await Promise.all(
      grouped(together, ({ lane }) => lane).map(async (lane) => {
        for (const action of lane) await act(ports, action, day, ids);
      }),
    );
  }
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): readonly (readonly T[])[] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

async function act(ports: DemoPorts, action: PlannedAction, day: DemoDay, ids: DemoIds): Promise<void> {
  await ports.sender.send({
    command: action.command,
    commandId: ids.commandId(action.key),
    payload: action.payload(ids, day),
    origin: 'demo',
    actor: demoActor(action.role),
  });
}

/** Ids in the demo follow from its actions' keys, so a demo that goes on after a crash knows them all. */
class DemoIds implements KnownIds {
  constructor(private readonly tenant: string) {}

  commandId(key: string): string {
    return commandIdOfImport(this.tenant, 'demo', DEMO_SEED, key);
  }

  id(key: string): string {
    const created = CREATES[key.split('/')[1]!.replace(/\d+$/, '')];
    if (created === undefined) throw new TypeError(`the demo's action ${key} creates nothing`);
    return derivedId(this.commandId(key), created);
  }

  part(key: string, n: number): string {
    return derivedId(this.commandId(key), `contact-${n}`);
  }
}

/** What an action creates, by the first word of its key. */
const CREATES: Readonly<Record<string, string>> = {
  register: 'customer',
  ticket: 'ticket',
  risk: 'risk',
  strategic: 'designation',
};
