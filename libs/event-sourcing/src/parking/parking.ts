import { derivedId, parkedKeyId, parkingStream, type JsonValue } from '@rapport/contracts';
import { CommandHandler } from '../commandHandling/commandHandler.ts';
import { commandHandling, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { systemMeta } from '../service/systemActor.ts';
import { parkingDecider, type FailedKey, type ParkedState, type ParkingCommand } from './parkingDecider.ts';

/**
 * Where what cannot go on waits: a stream for each key, so that however many they are, one of them costs the others
 * nothing. Of two replicas that park a key at the same time one records it.
 */
export class Parking {
  private readonly handler: CommandHandler<ParkedState, ParkingCommand>;

  /** @param via name of the service */
  constructor(
    private readonly runtime: ServiceRuntime,
    via: string,
  ) {
    this.handler = new CommandHandler(commandHandling(runtime, via), parkingDecider);
  }

  /** The key as it waits by now, at the head of its stream; undefined where it does not. */
  async parked(owner: string, key: string): Promise<ParkedState['parked']> {
    return (await this.handler.load(parkingStream(parkedKeyId(owner, key)))).state.parked;
  }

  /**
   * @param within longest pause before the next try, in milliseconds
   * @returns how often the key has failed by now, and the log's position that shows it
   */
  async park(
    failed: FailedKey,
    within?: number,
  ): Promise<{ readonly attempt: number; readonly position: number }> {
    const command = { do: 'park', ...failed, ...(within !== undefined && { within }) } as const;
    const { state, position } = await this.record(failed, command);
    return { attempt: state.parked?.attempt ?? 1, position };
  }

  /** @returns the log's position that shows it */
  async unpark({ owner, key }: Pick<FailedKey, 'owner' | 'key'>): Promise<number> {
    return (await this.record({ owner, key }, { do: 'unpark' })).position;
  }

  private async record({ owner, key }: Pick<FailedKey, 'owner' | 'key'>, command: ParkingCommand) {
    const id = parkedKeyId(owner, key);
    const stream = parkingStream(id);
    const { revision } = await this.handler.load(stream);
    const commandId = derivedId(id, `${command.do} ${revision}`);
    const meta = await systemMeta(this.runtime, 'system-parking', {
      commandId,
      correlationId: commandId,
      causationId: commandId,
    });
    // What two replicas met may differ: that the key failed does not.
    const request = { name: `parking.${command.do}`, payload: { owner, key } as JsonValue };
    return this.handler.handle(stream, command, meta, { request });
  }
}
