/** Gauges and counters that are recorded of a process, by name and the labels that tell them apart. */
export type Metrics = Readonly<Record<string, number>>;

/** Names that are recorded: the product's own, and what Node says of its heap and its event loop. */
const RECORDED =
  /^(rapport_(?!http_request)\w+|nodejs_heap_size_used_bytes|nodejs_external_memory_bytes|nodejs_eventloop_lag_p99_seconds)$/;

/** Labels that every figure of a process has. */
const COMMON = /(?:service|tenant)="[^"]*",?/g;

/** Reads Prometheus' text format. */
export function parseMetrics(text: string): Metrics {
  const metrics: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found === null || !RECORDED.test(found[1]!)) continue;
    const labels = (found[2] ?? '').replaceAll(COMMON, '').replace(/,$/, '');
    metrics[labels === '' ? found[1]! : `${found[1]}{${labels}}`] = Number(found[3]);
  }
  return metrics;
}
