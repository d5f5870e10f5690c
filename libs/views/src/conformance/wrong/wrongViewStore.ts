import { withFault, type WrongImplementation } from '@rapport/platform/conformance';
import type { ProjectionControl, ViewCollection, ViewFilter, ViewQuery, ViewStore } from '../../viewStore.ts';
import type { MakeHarness } from '../harness.ts';

export type WrongViewStore = WrongImplementation<MakeHarness>;

/** A right store, in memory, with a fault. @param faulty the members that are wrong; called once for each test */
export function wrongViewStore(
  fault: string,
  faulty: (right: ViewStore) => Partial<ViewStore>,
  ...rejectedBy: readonly string[]
): WrongViewStore {
  const make =
    (right: MakeHarness): MakeHarness =>
    async () => {
      const harness = await right();
      return { ...harness, store: withFault(harness.store, faulty(harness.store)) };
    };
  return { fault, make, rejectedBy };
}

/** A store whose views have a fault. @param faulty called for each view that is opened */
export function wrongView(
  fault: string,
  faulty: (right: ViewCollection) => Partial<ViewCollection>,
  ...rejectedBy: readonly string[]
): WrongViewStore {
  const open = (right: ViewStore): ViewStore['open'] =>
    async function (definition) {
      const view = await right.open(definition);
      return withFault(view, faulty(view));
    };
  return wrongViewStore(fault, (right) => ({ open: open(right) }), ...rejectedBy);
}

/** A store whose control has a fault. */
export function wrongControl(
  fault: string,
  faulty: (right: ProjectionControl) => Partial<ProjectionControl>,
  ...rejectedBy: readonly string[]
): WrongViewStore {
  const control = (right: ViewStore) => ({ control: withFault(right.control, faulty(right.control)) });
  return wrongViewStore(fault, control, ...rejectedBy);
}

/** Views that understand a filter otherwise than it is meant. */
export function wrongFilter(
  fault: string,
  understood: (filter: ViewFilter) => ViewFilter,
  ...rejectedBy: readonly string[]
): WrongViewStore {
  const asked = <Query extends { readonly filter?: ViewFilter }>(query: Query): Query => ({
    ...query,
    filter: understood(query.filter ?? {}),
  });
  return wrongView(
    fault,
    (right) => ({
      find: (query) => right.find(asked(query)),
      count: (filter = {}) => right.count(understood(filter)),
      aggregate: (query) => right.aggregate(asked(query)),
    }),
    ...rejectedBy,
  );
}

/** Everything that a query finds, in its order. */
export async function allOf(view: ViewCollection, query: Omit<ViewQuery, 'limit' | 'after'> = {}) {
  return (await view.find({ ...query, limit: 1_000 })).documents;
}
