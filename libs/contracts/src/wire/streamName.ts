/** Categories whose events are counted: the index of an event is its place among them. A closed list. */
export const COUNTED_CATEGORIES = [
  'log',
  'policy',
  'customer',
  'creditCode',
  'purchases',
  'standing',
  'person',
  'interaction',
  'ticket',
  'serviceRecord',
  'survey',
  'improvement',
  'risk',
  'parking',
] as const;

/** Categories of the machinery: never counted, may be rebuilt or dropped. */
export const UNCOUNTED_CATEGORIES = ['reaction', 'checkpoint', 'snapshot', 'demo', 'campaign'] as const;

export type CountedCategory = (typeof COUNTED_CATEGORIES)[number];
export type Category = CountedCategory | (typeof UNCOUNTED_CATEGORIES)[number];

const STREAM = /^[a-z][a-zA-Z]*-[0-9a-z-]{1,80}$/;
const counted: ReadonlySet<string> = new Set(COUNTED_CATEGORIES);

export function streamName(category: Category, id: string): string {
  const name = `${category}-${id}`;
  if (!isStreamName(name)) throw new RangeError('not a stream name: ids hold 1 to 80 of 0-9, a-z and -');
  return name;
}

export function isStreamName(name: string): boolean {
  return STREAM.test(name);
}

export function categoryOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

/** Whether the stream's events have an index. Frozen: changing it would renumber the log. */
export function isCounted(stream: string): boolean {
  return counted.has(categoryOf(stream));
}
