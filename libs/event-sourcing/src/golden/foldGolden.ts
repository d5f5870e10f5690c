import { isDeepStrictEqual } from 'node:util';
import type { Decider } from '../decider/decider.ts';
import { goldenEvents } from './goldenEvents.ts';

/**
 * Folds every version of every event that was ever shipped into streams of a category, one after the other.
 *
 * @returns how many events
 * @throws what the fold throws; Error where it is not the same twice
 */
export function foldGolden<State>(
  category: string,
  { initial, evolve }: Pick<Decider<State, never>, 'initial' | 'evolve'>,
): number {
  const events = goldenEvents(category);
  let state = initial;
  for (const event of events) {
    const after = evolve(state, event);
    if (!isDeepStrictEqual(evolve(state, event), after))
      throw new Error(`${event.type} is not folded twice the same`);
    state = after;
  }
  return events.length;
}
