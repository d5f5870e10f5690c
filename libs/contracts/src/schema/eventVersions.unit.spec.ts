import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { defineEvent, nextVersion, versionsOf, type EventDefinition } from './eventDefinition.ts';
import { EVENTS, eventVersion, UnknownEventError } from './eventRegistry.ts';
import { upcastData } from './upcastData.ts';
import { writtenForm } from './writtenForm.ts';

const first = defineEvent('crm.risk.Noted', 1, 'risk', { n: Type.Integer(), loud: Type.Boolean() });
const second = nextVersion(
  first,
  { number: Type.Integer(), loud: Type.Boolean(), since: Type.String() },
  {
    upcast: ({ n, loud }) => ({ number: n, loud, since: 'ever' }),
    downcast: ({ number, loud }) => ({ n: number, loud }),
  },
);
const third = nextVersion(
  second,
  { number: Type.Integer(), volume: Type.Integer(), since: Type.String() },
  {
    upcast: ({ loud, ...rest }) => ({ ...rest, volume: loud ? 9 : 1 }),
    downcast: ({ volume, ...rest }) => ({ ...rest, loud: volume > 5 }),
  },
);
const later = { number: 7, volume: 1, since: 'ever' };

describe('versions of an event', () => {
  it('are counted on by themselves, and the newest is the one that is decided and written', () => {
    expect(versionsOf(third as unknown as EventDefinition).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(third).toMatchObject({ type: first.type, category: 'risk', written: 3 });
  });

  it('do not compile without the step from the one before', () => {
    // @ts-expect-error upcast is missing
    nextVersion(first, { number: Type.Integer() }, {});
    // @ts-expect-error and this one does not make what the next version says
    nextVersion(first, { number: Type.Integer() }, { upcast: ({ n }) => ({ n }) });
  });

  it('come to the newest step by step, from whichever they were written in', () => {
    const definition = third as unknown as EventDefinition;
    expect(upcastData(definition, 1, { n: 7, loud: true })).toEqual({ number: 7, volume: 9, since: 'ever' });
    expect(upcastData(definition, 2, { number: 7, loud: false, since: 'May' })).toEqual({
      number: 7,
      volume: 1,
      since: 'May',
    });
    const newest = { number: 7, volume: 3, since: 'May' };
    expect(upcastData(definition, 3, newest)).toBe(newest);
  });

  it.each([0, 4, 99, 1.5, -1, Number.NaN])('stop loudly at one that nobody defined: %s', (version) => {
    expect(() => upcastData(third as unknown as EventDefinition, version, {})).toThrow(UnknownEventError);
  });

  it('each have one definition: EVENTS knows every version of every event, and no other', () => {
    for (const definition of EVENTS.values()) {
      for (const [n, version] of versionsOf(definition).entries()) {
        expect(version).toMatchObject({
          type: definition.type,
          version: n + 1,
          category: definition.category,
        });
        expect(eventVersion(definition.type, n + 1)).toBe(version);
      }
      for (const version of [0, -1, 1.5, definition.version + 1]) {
        expect(() => eventVersion(definition.type, version)).toThrow(UnknownEventError);
      }
    }
    expect(() => eventVersion('crm.risk.Unheard', 1)).toThrow('deploy the release that reads it first');
  });
});

describe('the version that is written', () => {
  const definition = third as unknown as EventDefinition;

  it('is the newest, as it was decided', () => {
    expect(writtenForm(definition, later)).toEqual({ version: third, data: later });
  });

  it('is an older one in a release that only reads the new one: readers go out before writers', () => {
    const readOnly = nextVersion(
      second,
      { number: Type.Integer() },
      {
        upcast: ({ number }) => ({ number }),
        downcast: ({ number }) => ({ number, loud: false, since: 'ever' }),
        writes: 'former',
      },
    );
    expect(readOnly).toMatchObject({ version: 3, written: 2 });
    expect(writtenForm(readOnly as unknown as EventDefinition, { number: 7 })).toMatchObject({
      version: { version: 2 },
      data: { number: 7, loud: false, since: 'ever' },
    });
    expect(() =>
      nextVersion(first, { n: Type.Integer() }, { upcast: ({ n }) => ({ n }), writes: 'former' }),
    ).toThrow('has no downcast');
  });

  it('is the one that the release before writes while that runs, by as many steps down as there are', () => {
    expect(writtenForm(definition, later, 'previous')).toMatchObject({
      version: { version: 1 },
      data: { n: 7, loud: false },
    });
    const once = nextVersion(third, { number: Type.Integer() }, { upcast: ({ number }) => ({ number }) });
    const written = writtenForm(once as unknown as EventDefinition, { number: 7 }, 'previous');
    expect(written).toMatchObject({ version: { version: 4 }, data: { number: 7 } });
  });

  it.each([
    { ...later, volume: 3 },
    { ...later, since: 'May' },
  ])('loses nothing: what the older one cannot say is refused until it can be written (%j)', (data) => {
    expect(() => writtenForm(definition, data, 'previous')).toThrow(
      expect.objectContaining({
        kind: 'unavailable',
        details: expect.objectContaining({ retryAfter: 30, detail: expect.stringMatching(/version 1/) }),
      }),
    );
  });
});
