const MB = 1024 * 1024;

/** Bytes as people read them. */
export function bytes(value: number): string {
  const size = Math.abs(value);
  if (size >= 10 * MB) return `${(value / MB).toFixed(0)} MB`;
  if (size >= MB) return `${(value / MB).toFixed(1)} MB`;
  if (size >= 1_024) return `${(value / 1_024).toFixed(0)} kB`;
  return `${value.toFixed(0)} B`;
}

/** Milliseconds, three figures. */
export function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
