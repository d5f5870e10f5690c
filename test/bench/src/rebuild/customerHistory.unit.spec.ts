import { describe, expect, it } from '@jest/globals';
import { EVENTS } from '@rapport/contracts';
import { Value } from 'typebox/value';
import { customerHistory } from './customerHistory.ts';

const histories = [0, 1, 2, 10, 17].map((n) => [...customerHistory(n)]);

describe('the generated history of a customer', () => {
  it('holds only events that the public language defines, with data as deciders make them', () => {
    for (const { event, stream } of histories.flat()) {
      const definition = EVENTS.get(event.type);
      expect(definition?.category).toBe(stream.slice(0, stream.indexOf('-')));
      expect(Value.Errors(definition!.plain, event.data)).toEqual([]);
    }
  });

  it('numbers the events of each stream 0, 1, 2, … in order of time', () => {
    for (const history of histories) {
      const next = new Map<string, number>();
      for (const { stream, revision } of history) {
        expect(revision).toBe(next.get(stream) ?? 0);
        next.set(stream, revision + 1);
      }
      const times = history.map(({ occurredAt }) => occurredAt);
      expect(times.toSorted()).toEqual(times);
    }
  });

  it('is the same for the same customer and shares no stream with another', () => {
    expect([...customerHistory(17)]).toEqual(histories[4]);
    const streams = histories.map((history) => new Set(history.map(({ stream }) => stream)));
    expect(streams.reduce((sum, { size }) => sum + size, 0)).toBe(
      new Set(histories.flat().map((e) => e.stream)).size,
    );
  });
});
