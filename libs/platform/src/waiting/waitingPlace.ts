import { Problem } from '../errors/problem.ts';

/** A place of a process where work waits for its turn, as an operator sees it. */
export interface WaitingPlace {
  /** Such as `commands.profiles`. */
  readonly name: string;
  readonly waiting: number;
  /** What may wait at most. */
  readonly limit: number;
  /** Refused since the start, as too much waited. */
  readonly refused: number;
  /** Left unbegun since the start, as nobody waited for it any more. */
  readonly abandoned: number;
}

/** Says false once nobody waits for the answer any more: what was not begun by then is left. */
export type Wanted = () => boolean;

/** Too much waits: nothing of this was begun, and all of it may be sent again. */
export function overloaded(place: string): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: `Too much waits already (${place}). Nothing of this was begun; send it again.`,
    retryAfter: 1,
  });
}

/** Nobody reads it, but where the time was over at the very end. */
export function notBegun(place: string): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: `It was not begun: its time was over, or its sender gone, before its turn (${place}).`,
    retryAfter: 1,
  });
}
