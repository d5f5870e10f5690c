import { isUnreadable } from '@rapport/contracts';
import { KeysUnavailable } from '@rapport/privacy';
import type { FieldOpener, Projection } from '../projection.ts';
import type { TouchedKeys } from './foldBatch.ts';

/**
 * Opens the sealed fields that the projection names. Keys that are unavailable are waited for as long as it takes;
 * nothing is blanked or parked for it. Any other failure stays with its event, whose keys are parked.
 *
 * @param wait called before each further attempt, with its number from 1
 */
export async function openFields(
  projection: Projection,
  opener: FieldOpener | undefined,
  touched: readonly TouchedKeys[],
  wait: (attempt: number) => Promise<void>,
): Promise<readonly TouchedKeys[]> {
  const { opens } = projection;
  if (opens === undefined) return touched;
  const opened = [...touched];
  let closed = touched.flatMap(({ event, failure }, i) =>
    opens[event.type] === undefined || failure !== undefined || isUnreadable(event) ? [] : [i],
  );
  for (let attempt = 1; closed.length > 0; attempt++) {
    closed = await openAll(closed, opened, opener, opens);
    if (closed.length > 0) await wait(attempt);
  }
  return opened;
}

/** @returns places of the events whose keys were unavailable */
async function openAll(
  places: readonly number[],
  opened: TouchedKeys[],
  opener: FieldOpener | undefined,
  opens: NonNullable<Projection['opens']>,
): Promise<number[]> {
  const unavailable: number[] = [];
  const failed = (place: number, failure: unknown): void => {
    if (failure instanceof KeysUnavailable) unavailable.push(place);
    else opened[place] = { ...opened[place]!, failure };
  };
  const waiting: Promise<void>[] = [];
  for (const place of places) {
    const { event, keys } = opened[place]!;
    if (isUnreadable(event)) continue;
    try {
      if (opener === undefined)
        throw new TypeError('a projection opens fields, but its runner has no opener');
      const result = opener.open(event, opens[event.type]!);
      if (!(result instanceof Promise)) opened[place] = { event: result, keys };
      else {
        waiting.push(
          result.then(
            (event) => void (opened[place] = { event, keys }),
            (error) => failed(place, error),
          ),
        );
      }
    } catch (error) {
      failed(place, error);
    }
  }
  await Promise.all(waiting);
  return unavailable.sort((a, b) => a - b);
}
