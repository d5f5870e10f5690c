/** Whether `values` grow strictly, or fall strictly when `descending`. */
export function isStrictlyOrdered(values: readonly number[], descending = false): boolean {
  return values.every(
    (value, i) => i === 0 || (descending ? value < values[i - 1]! : value > values[i - 1]!),
  );
}
