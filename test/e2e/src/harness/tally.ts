import { event, profileEvents, streamName, type JsonValue, type RecordedEvent } from '@rapport/contracts';
import {
  commandHandling,
  CommandHandler,
  type CommandMeta,
  type CommandOutcome,
  type Decider,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ruleViolated } from '@rapport/platform';
import { idOf } from './world.ts';

/** The smallest record on which every promise of command handling can be seen: a list of numbers. */
export interface Tally {
  readonly numbers: readonly number[];
}

export type TallyCommand =
  /** Adds the number after the last: shows a lost update as a number that comes twice. */
  | { readonly do: 'next' }
  /** Adds two numbers at once. */
  | { readonly do: 'two' }
  /** Adds this number, or nothing where it is there. */
  | { readonly do: 'ensure'; readonly number: number }
  /** Refuses unless there are as many. */
  | { readonly do: 'next-after'; readonly count: number }
  /** Forgets all numbers. */
  | { readonly do: 'clear' };

const CLEAR = 9_999;
const tallyId = idOf('tally');
export const TALLY_STREAM = streamName('customer', tallyId);

const added = (number: number) =>
  event(profileEvents.PurchaseYearOpened, { customerId: tallyId, year: number });

export const tallyDecider: Decider<Tally, TallyCommand> = {
  initial: { numbers: [] },

  decide(command, { numbers }) {
    const next = (numbers.at(-1) ?? 0) + 1;
    switch (command.do) {
      case 'next':
        return [added(next)];
      case 'two':
        return [added(next), added(next + 1)];
      case 'ensure':
        return numbers.includes(command.number) ? [] : [added(command.number)];
      case 'next-after':
        if (numbers.length !== command.count) throw ruleViolated('R-000', 'There are not as many.');
        return [added(next)];
      case 'clear':
        return [added(CLEAR)];
    }
  },

  evolve({ numbers }, { data }) {
    const { year } = data as { year: number };
    return { numbers: year === CLEAR ? [] : [...numbers, year] };
  },
};

/** One replica of the service that keeps the tally. */
export class TallyService {
  readonly commands: CommandHandler<Tally, TallyCommand>;

  constructor(runtime: ServiceRuntime) {
    this.commands = new CommandHandler(commandHandling(runtime, 'tally'), tallyDecider);
  }

  send(command: TallyCommand, meta: CommandMeta, creates = false): Promise<CommandOutcome<Tally>> {
    return this.commands.handle(TALLY_STREAM, command, meta, {
      request: { name: 'tally.Do', payload: command as unknown as JsonValue },
      ...(creates && { creates: 'stream' }),
    });
  }
}

export function numbersOf(events: readonly RecordedEvent[]): readonly number[] {
  return events.map(({ data }) => (data as { year: number }).year);
}
