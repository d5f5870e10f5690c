import { streamName, type Category, type CommandAnswer, type JsonValue } from '@rapport/contracts';
import { CommandHandler, type HandleOptions } from '../commandHandling/commandHandler.ts';
import type { CommandMessage } from '../commandHandling/commandMeta.ts';
import type { Decider } from '../decider/decider.ts';
import { commandAnswer } from './answer.ts';
import { commandHandling, type ServiceRuntime } from './serviceRuntime.ts';

/** How a service keeps one kind of aggregate. */
export interface AggregateOptions<State, Command> {
  /** Name of the service, recorded as `via`. */
  readonly via: string;
  /** Category of its streams: `ticket` for `ticket-<id>`. */
  readonly category: Category;
  readonly decider: Decider<State, Command>;
}

/** Commands on one kind of aggregate: each on its stream, answered as the public language says. */
export class AggregateCommands<State, Command> {
  readonly commands: CommandHandler<State, Command>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly options: AggregateOptions<State, Command>,
  ) {
    const { via, decider, category } = options;
    this.commands = new CommandHandler(commandHandling(runtime, via), decider, { category });
  }

  /** The aggregate as last seen by this process: for what never changes once it is there. */
  async known(id: string): Promise<State> {
    return (await this.commands.peek(streamName(this.options.category, id))).state;
  }

  /**
   * @param name of the command as sent, which its HMAC covers together with the payload
   * @param creates the aggregate is new with this command, or it adds a part with an id of its own (HandleOptions)
   */
  async handle(
    command: Command,
    id: string,
    name: string,
    { payload, meta }: CommandMessage<object>,
    creates?: HandleOptions['creates'],
  ): Promise<CommandAnswer> {
    const outcome = await this.commands.handle(streamName(this.options.category, id), command, meta, {
      request: { name, payload: payload as JsonValue },
      ...(creates !== undefined && { creates }),
    });
    return commandAnswer(this.runtime.logId, id, outcome);
  }
}
