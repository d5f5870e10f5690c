import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@rapport/platform';
import { Transform, Type } from 'class-transformer';
import { IsOptional, IsString, ValidateBy } from 'class-validator';
import fc from 'fast-check';
import { COMMANDS } from '../commands/commands.ts';
import { Text, WholeNumber } from '../fields/fields.ts';
import { ListOf } from '../fields/objects.ts';
import { copyOf, hostileBodies } from '../testing/hostileBodies.ts';
import { validBodies } from '../testing/validBodies.ts';
import { acceptorOf, type Class } from './acceptor.ts';
import { CompiledValidationPipe } from './compiledValidationPipe.ts';

const pipe = new CompiledValidationPipe();

/** The same class to the standard pipe, which alone judges it: nothing with a conversion is compiled. */
const uncompiled = new Map<Class, Class>(
  Object.values(COMMANDS).map(({ body }) => {
    class Uncompiled extends (body as Class) {
      @Transform(({ value }) => value as unknown)
      @IsOptional()
      never?: unknown;
    }
    return [body, Uncompiled];
  }),
);

/** The standard pipe's word. */
async function verdictOf(body: unknown, metatype: Class): Promise<{ taken?: unknown; refused?: Problem }> {
  try {
    return {
      taken: await pipe.transform(copyOf(body), { type: 'body', metatype: uncompiled.get(metatype)! }),
    };
  } catch (refused) {
    return { refused: refused as Problem };
  }
}

const id = '018f3c5e-0000-5000-8000-000000000001';

const commands = Object.entries(COMMANDS);

describe('compiled validation', () => {
  it.each(commands)(
    '%s: accepts what the standard pipe accepts, the same value, and nothing else',
    async (_name, { body: metatype }) => {
      const accepts = acceptorOf(metatype)!;
      const seen = { accepted: 0, refused: 0 };
      const bodies = fc.oneof(
        mutated(validBodies(metatype)),
        hostileBodies(metatype).map(({ body }) => body),
      );
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const compiled = accepts(body);
          const judged = await verdictOf(body, metatype);
          expect(compiled).toBe(judged.taken !== undefined);
          seen[compiled ? 'accepted' : 'refused'] += 1;
          if (compiled)
            expect(JSON.parse(JSON.stringify(judged.taken))).toEqual(JSON.parse(JSON.stringify(body)));
        }),
        { numRuns: 400 },
      );
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0);
    },
  );

  it.each(commands)(
    '%s: a body with one fault is refused, and only that field named',
    async (_name, { body }) => {
      await fc.assert(
        fc.asyncProperty(hostileBodies(body), async ({ body: sent, field, fault }) => {
          const { refused } = await verdictOf(sent, body);
          expect([fault, refused?.details.errors?.map((error) => error.field)]).toEqual([fault, [field]]);
        }),
        { numRuns: 400 },
      );
    },
  );

  it.each(['contacts', 'nextSteps', 'factors'])('a list in a list is refused: %s[0]', async (name) => {
    const { body: metatype } = {
      contacts: COMMANDS.registerCustomer,
      nextSteps: COMMANDS.recordInteraction,
      factors: COMMANDS.assessRisk,
    }[name as 'contacts'];
    const valid = fc.sample(validBodies(metatype), { seed: 1, numRuns: 1 })[0]!;
    for (const items of [[[]], [[{ fullName: '张三' }]], [null], ['x']]) {
      const { refused } = await verdictOf({ ...valid, [name]: items }, metatype);
      expect(refused?.details.errors).toEqual([
        { field: `${name}[0]`, message: expect.stringMatching(/^must be/) },
      ]);
    }
  });

  it('is used for every command', () => {
    expect(commands.filter(([, { body }]) => acceptorOf(body) === undefined)).toEqual([]);
  });

  it('leaves a class with an unknown validator to the standard pipe', () => {
    class Guarded {
      @ValidateBy({ name: 'ours', validator: { validate: () => false } })
      field!: string;
    }
    expect(acceptorOf(Guarded)).toBeUndefined();
  });

  it('leaves a class with a conversion to the standard pipe', () => {
    class Converted {
      @Type(() => Number)
      @IsString()
      field!: string;
    }
    expect(acceptorOf(Converted)).toBeUndefined();
  });

  it('leaves a list of a class with an unknown validator to the standard pipe', () => {
    class Inner {
      @ValidateBy({ name: 'ours', validator: { validate: () => false } })
      field!: string;
    }
    class Outer {
      @ListOf(() => Inner, { max: 3 })
      items!: Inner[];
    }
    expect(acceptorOf(Outer)).toBeUndefined();
  });

  it('names the field of a refused value by its path and never repeats the value', async () => {
    const body = {
      name: '科技有限公司',
      kind: 'company',
      contacts: [{ fullName: '张三', phone: 13812345678 }],
    };
    await expect(
      pipe.transform(body, { type: 'body', metatype: COMMANDS.registerCustomer.body }),
    ).rejects.toMatchObject({
      details: {
        kind: 'invalid-input',
        errors: [{ field: 'contacts[0].phone', message: expect.not.stringContaining('138') }],
      },
    });
  });

  it('names an unknown field, also a nested one', async () => {
    const body = {
      purchasedOn: '2026-01-05',
      product: 'x',
      amount: { amount: '1.00', currency: 'CNY', tax: '0.13' },
      note: 'x',
    };
    await expect(
      pipe.transform(body, { type: 'body', metatype: COMMANDS.recordPurchase.body }),
    ).rejects.toMatchObject({
      details: {
        errors: [
          { field: 'note', message: 'is not a known field; leave it out' },
          { field: 'amount.tax', message: 'is not a known field; leave it out' },
        ],
      },
    });
  });

  it('refuses a body for a command that has none', async () => {
    await expect(
      pipe.transform({ force: true }, { type: 'body', metatype: COMMANDS.closeTicket.body }),
    ).rejects.toMatchObject({ details: { errors: [{ field: 'force' }] } });
    expect(pipe.transform({}, { type: 'body', metatype: COMMANDS.closeTicket.body })).toEqual({});
  });

  it('does not take inherited properties for sent ones', () => {
    class Sized {
      @Text({ max: 10 })
      name!: string;
      @WholeNumber({ min: 1, max: 5, optional: true })
      size?: number;
    }
    const accepts = acceptorOf(Sized)!;
    expect(accepts({ name: 'a' })).toBe(true);
    expect(accepts(Object.create({ name: 'a' }))).toBe(false);
    expect(accepts({ name: 'a', toString: 1 })).toBe(false);
    expect(accepts(null)).toBe(false);
    expect(accepts([])).toBe(false);
  });
});

/** Any JSON put in the place of, beside, or instead of any part of a valid body. */
function mutated(valid: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      '',
      ' ',
      '\u0000',
      'CNY',
      '2026-02-30',
      '500000.00',
      '1e3',
      id,
      -0,
      0,
      1,
      5,
      6,
      1.5,
      2 ** 53,
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const change = fc.record({
    place: fc.nat(30),
    key: fc.constantFrom('x', 'constructor', 'length', '0'),
    value,
  });
  const kind = fc.constantFrom('keep', 'nudge', 'nudge', 'replace', 'remove', 'add', 'whole');
  return fc.tuple(valid, change, kind).map(([body, { place, key, value: other }, what]) => {
    if (what === 'keep') return body;
    if (what === 'whole') return other;
    const copy = copyOf(body) as Record<string, unknown>;
    const places = [...placesOf(copy)];
    if (what === 'add' || places.length === 0) {
      copy[key] = other;
      return copy;
    }
    const [holder, name] = places[place % places.length]!;
    if (what === 'remove') {
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
    } else holder[name] = what === 'nudge' ? nudged(holder[name], place) : other;
    return copy;
  });
}

/** Just beside a valid value: over a bound, too long, of another case. */
function nudged(value: unknown, by: number): unknown {
  if (typeof value === 'number') return by % 3 === 0 ? value - 1 : value + 1;
  if (typeof value === 'string')
    return [`${value} `, value.repeat(100 * by), value.slice(1), value.toUpperCase()][by % 4];
  if (Array.isArray(value)) return Array.from({ length: by * 10 }, () => value[0] as unknown);
  return value === null;
}

function* placesOf(value: Record<string, unknown>): Generator<[Record<string, unknown>, string]> {
  for (const [name, part] of Object.entries(value)) {
    yield [value, name];
    if (typeof part === 'object' && part !== null) yield* placesOf(part as Record<string, unknown>);
  }
}
