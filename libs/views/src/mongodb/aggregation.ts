import { compareScalars } from '../query/scalarOrder.ts';
import type { AggregateQuery, AggregateRow, Scalar } from '../viewStore.ts';
import { fieldOf, mongoFilter } from './mongoFilter.ts';

/** What `aggregationPipeline` answers: `g0`, `g1`, … are the values of `by`; `n0`, `sum0`, `min0`, `max0`, … measures. */
export interface AggregationGroup {
  readonly _id: Readonly<Record<string, Scalar>>;
  readonly count: number;
  readonly [measure: string]: unknown;
}

/** The server groups and adds up; it sends one document per group. */
export function aggregationPipeline({ filter = {}, by, measure }: AggregateQuery): object[] {
  const values = by.map((path, i) => [`g${i}`, { $ifNull: [`$${fieldOf(path)}`, null] }]);
  const measures = measure.flatMap((path, i) => {
    const field = `$${fieldOf(path)}`;
    const number = { $cond: [{ $isNumber: field }, field, null] };
    return [
      [`n${i}`, { $sum: { $cond: [{ $isNumber: field }, 1, 0] } }],
      [`sum${i}`, { $sum: number }],
      [`min${i}`, { $min: number }],
      [`max${i}`, { $max: number }],
    ];
  });
  return [
    { $match: mongoFilter(filter) },
    { $group: { _id: Object.fromEntries(values), count: { $sum: 1 }, ...Object.fromEntries(measures) } },
  ];
}

export function aggregateRows(
  groups: readonly AggregationGroup[],
  { by, measure }: AggregateQuery,
): AggregateRow[] {
  return groups
    .map((group) => ({ group, values: by.map((_, i) => group._id[`g${i}`] ?? null) }))
    .sort((a, b) => compareAll(a.values, b.values))
    .map(({ group, values }) => ({
      group: Object.fromEntries(by.map((path, i) => [path, values[i]!])),
      count: group.count,
      measures: Object.fromEntries(
        measure.map((path, i) => {
          const figure = (name: string): number => (group[`${name}${i}`] as number | null | undefined) ?? 0;
          return [path, { n: figure('n'), sum: figure('sum'), min: figure('min'), max: figure('max') }];
        }),
      ),
    }));
}

function compareAll(a: readonly Scalar[], b: readonly Scalar[]): number {
  for (const [i, value] of a.entries()) {
    const order = compareScalars(value, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
