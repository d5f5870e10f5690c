import { systemTimers, type ServiceName } from '@rapport/platform';
import type { ServiceHost } from '../process/serviceHost.ts';
import type { StartingPart } from '../process/startingParts.ts';
import { Pulse } from './pulse.ts';

/** The pulse of a store of this process; the log says when it goes and comes. */
export function pulseOf(
  { log }: Pick<ServiceHost<ServiceName>, 'log'>,
  part: StartingPart,
  ask: () => Promise<unknown>,
): Pulse {
  return new Pulse(ask, {
    timers: systemTimers,
    changed: (up, reason) => {
      if (up) log.info({ part }, 'a store answers again');
      // Errors of the stores name places and settings, never what is stored.
      else
        log.warn(
          { part, reason: reason instanceof Error ? reason.message : typeof reason },
          'a store is away',
        );
    },
  });
}
