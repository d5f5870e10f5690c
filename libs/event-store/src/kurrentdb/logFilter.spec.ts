import { describe, expect, it } from '@jest/globals';
import { COUNTED_CATEGORIES, isCounted, isStreamName, UNCOUNTED_CATEGORIES } from '@rapport/contracts';
import { countedStreams, followedStreams, portStreams, positionsStream } from './logFilter.ts';

describe('the filters', () => {
  const passes = (filter: object, stream: string) =>
    new RegExp((filter as { regex: string }).regex).test(stream);
  const names = [
    ...[...COUNTED_CATEGORIES, ...UNCOUNTED_CATEGORIES, 'tickets', 'xticket'].map(
      (category) => `${category}-1-a`,
    ),
    '$ce-ticket',
    '$$ticket-1',
    '$$snapshot-1',
    '$settings',
    'ticket',
    'ticket-A',
    'ticket-',
    `ticket-${'1'.repeat(81)}`,
    positionsStream(1),
  ];

  it.each(names)('let %s through as the port does', (stream) => {
    expect(passes(portStreams, stream)).toBe(isStreamName(stream));
    expect(passes(countedStreams, stream)).toBe(isStreamName(stream) && isCounted(stream));
    const metadata = stream.startsWith('$$') && isCounted(stream.slice(2));
    expect(passes(followedStreams, stream)).toBe(isStreamName(stream) || metadata);
  });
});
