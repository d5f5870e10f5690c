import type { CurrentEvent, DataOf, EventDefinition } from '@rapport/contracts';

/** Data of an event as it is stored: a field may be sealed, so its type is only what carry() and opens promise. */
export function dataOf<D extends EventDefinition>(_definition: D, event: CurrentEvent): DataOf<D> {
  return event.data as DataOf<D>;
}
