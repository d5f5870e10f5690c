import { event, parkingEvents, type DataOf } from '@rapport/contracts';
import { notFound, toInstant, type EpochMillis } from '@rapport/platform';
import type { Decider } from '../decider/decider.ts';
import { retryPause } from './retryPause.ts';

type Parked = DataOf<typeof parkingEvents.KeyParked>;

/** A key that failed, and what it failed at. */
export type FailedKey = Pick<Parked, 'owner' | 'key' | 'stream' | 'revision' | 'reason'>;

export type ParkingCommand =
  | ({ readonly do: 'park'; /** Longest pause, in milliseconds. */ readonly within?: number } & FailedKey)
  | { readonly do: 'unpark' }
  | { readonly do: 'retry' };

/** One key of one owner: what it waits for, if it waits. */
export interface ParkedState {
  readonly parked: Parked | undefined;
}

/** What could not go on waits, and is tried again at growing intervals. */
export const parkingDecider: Decider<ParkedState, ParkingCommand> = {
  initial: { parked: undefined },

  decide(command, { parked }, { now }) {
    switch (command.do) {
      case 'park': {
        const { do: _do, within, ...failed } = command;
        return [event(parkingEvents.KeyParked, { ...failed, ...nextTry(parked, now, within) })];
      }
      case 'unpark':
        return parked === undefined ? [] : [event(parkingEvents.KeyUnparked, idOf(parked))];
      case 'retry':
        if (parked === undefined) throw notFound('parked key', 'id');
        return [event(parkingEvents.KeyRetryRequested, { ...idOf(parked), retryAt: toInstant(now) })];
    }
  },

  evolve(_state, { type, data }) {
    switch (type) {
      case parkingEvents.KeyParked.type:
        return { parked: data as unknown as Parked };
      case parkingEvents.KeyUnparked.type:
        return { parked: undefined };
      default:
        return _state;
    }
  },
};

function nextTry(
  parked: Parked | undefined,
  now: EpochMillis,
  within = Infinity,
): Pick<Parked, 'attempt' | 'retryAt'> {
  const attempt = (parked?.attempt ?? 0) + 1;
  return { attempt, retryAt: toInstant(now + Math.min(retryPause(attempt), within)) };
}

function idOf({ owner, key }: Parked): { readonly owner: string; readonly key: string } {
  return { owner, key };
}
