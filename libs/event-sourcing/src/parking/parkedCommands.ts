import { Controller, Inject } from '@nestjs/common';
import type { CommandAnswer } from '@rapport/contracts';
import { ServesCommand } from '@rapport/messaging';
import type { CommandMessage } from '../commandHandling/commandMeta.ts';
import { AggregateCommands } from '../service/aggregateCommands.ts';
import { SERVICE_RUNTIME, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { parkingDecider, type ParkedState, type ParkingCommand } from './parkingDecider.ts';

/** What operators want of parked keys, of whichever service: only recorded here; the owner's next look takes it up. */
@Controller()
export class ParkedCommands {
  private readonly keys: AggregateCommands<ParkedState, ParkingCommand>;

  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    this.keys = new AggregateCommands(runtime, {
      via: 'profiles',
      category: 'parking',
      decider: parkingDecider,
    });
  }

  /** @throws Problem `not-found` where no such key is parked */
  @ServesCommand('retryParkedKey')
  retry(message: CommandMessage<{ readonly parkedId: string }>): Promise<CommandAnswer> {
    return this.keys.handle({ do: 'retry' }, message.payload.parkedId, 'RetryParkedKey', message);
  }
}
