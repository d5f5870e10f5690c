import { describe, expect, it } from '@jest/globals';
import { EventPlaces } from './eventPlaces.ts';

describe('event places', () => {
  it('remember the last ids, twice as many at most, each where it stood first', () => {
    const places = new EventPlaces(4);
    for (let n = 0; n < 11; n += 1) places.add(`id-${n}`, { stream: 's-1', revision: n });
    places.add('id-10', { stream: 's-2', revision: 0 });
    expect(places.get('id-10')).toEqual({ stream: 's-1', revision: 10 });
    expect([7, 6, 5, 4].map((n) => places.get(`id-${n}`)?.revision)).toEqual([7, 6, 5, 4]);
    expect(places.get('id-3')).toBeUndefined();
  });
});
