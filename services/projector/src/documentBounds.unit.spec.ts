import { describe, expect, it } from '@jest/globals';
import { COUNTED, EVENTS } from '@rapport/contracts';
import { MAX_DOCUMENT_BYTES, type DocumentBody } from '@rapport/views';
import { PROJECTIONS } from './projections.ts';
import { idFields, sampleEvent, type SampleOptions } from './testing/eventSamples.ts';
import { recorded } from './testing/folding.ts';

const KEY = '0f5a7f6e-0000-5000-8000-000000000001';
const EVENTS_OF_EACH = 2_000;
/** Of a document whose texts are short, however many events it is of. */
const BOUND = 16 * 1024;

/** Every choice of ids that may be the document's: all of an event's, and each alone. */
function choices(type: string): readonly SampleOptions['isFixed'][] {
  return [() => true, ...idFields(type).map((chosen) => (field: string) => field === chosen)];
}

function sizeOf(document: DocumentBody | undefined): number {
  return document === undefined ? 0 : Buffer.byteLength(JSON.stringify(document));
}

const folds = PROJECTIONS.flatMap((projection) =>
  projection.types.map((type) => [projection.name, type, projection] as const),
);

describe('the size of a document', () => {
  /** Folds events into the document with KEY, after one of each type that the projection folds. */
  function folded(
    projection: (typeof PROJECTIONS)[number],
    type: string,
    { isFixed, times, longest }: { isFixed: SampleOptions['isFixed']; times: number; longest: number },
  ): DocumentBody | undefined {
    let document: DocumentBody | undefined;
    let index = -1;
    const fold = (of: string, n: number, fixed: SampleOptions['isFixed']): void => {
      index += 1;
      const { category } = EVENTS.get(of)!;
      const into = category === COUNTED ? 'standing' : category;
      const at = { index, revision: index, position: index, stream: `${into}-${KEY}` };
      const event = recorded(sampleEvent(of, n, { isFixed: fixed, fixed: KEY, longest }), at);
      if (projection.keys(event).includes(KEY)) document = projection.fold(document, event, KEY) ?? document;
    };
    for (const one of projection.types) fold(one, 0, () => true);
    const touched = document;
    fold(type, 1, isFixed);
    // A choice of ids with which it does not touch the document.
    if (document === touched) return document;
    for (let n = 2; n <= times; n += 1) fold(type, n, isFixed);
    return document;
  }

  it.each(folds)('of %s has a bound, however often there is a %s', (_, type, projection) => {
    for (const isFixed of choices(type)) {
      const document = folded(projection, type, { isFixed, times: EVENTS_OF_EACH, longest: 20 });
      expect(sizeOf(document)).toBeLessThan(BOUND);
    }
  });

  it.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
    'of %s is far from what stores refuse where every text is as long as it may be',
    (_, projection) => {
      for (const type of projection.types) {
        const document = folded(projection, type, { isFixed: () => true, times: 40, longest: 10_000 });
        expect(sizeOf(document)).toBeLessThan(MAX_DOCUMENT_BYTES / 4);
      }
    },
  );

  it('is looked at for every view that folds more than one event into a document', () => {
    const looked = PROJECTIONS.filter((projection) =>
      projection.types.some(
        (type) => sizeOf(folded(projection, type, { isFixed: () => true, times: 0, longest: 20 })) > 0,
      ),
    );
    // The timeline has one document an event; a parked key's has what its last event says, under a hash of its name.
    const names = PROJECTIONS.filter((projection) => !looked.includes(projection)).map(({ name }) => name);
    expect(names.sort()).toEqual(['parked', 'timeline']);
  });
});
