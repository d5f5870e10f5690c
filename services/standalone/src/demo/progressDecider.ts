import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import type { Decider } from '@rapport/event-sourcing';

/** How far the demo has been lived. */
export type DemoProgress = DataOf<typeof ledgerEvents.DemoAdvanced>;

/** Progress of the demo: uncounted events in a stream of its own. */
export const progressDecider: Decider<Pick<DemoProgress, 'day' | 'startsOn'>, DemoProgress> = {
  lastEventIsState: true,
  initial: { day: 0, startsOn: '' },
  decide: (advanced, state) =>
    advanced.day > state.day || state.startsOn === '' ? [event(ledgerEvents.DemoAdvanced, advanced)] : [],
  evolve: (_state, { data }) => {
    const { day, startsOn } = data as unknown as DemoProgress;
    return { day, startsOn };
  },
};
