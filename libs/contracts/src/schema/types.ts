import Type from 'typebox';

/** Building blocks of event data. Numbers are safe integers; decimals and dates are text. */

export const Id = (): ReturnType<typeof id> => id();
const id = () => Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });

/** A day in Asia/Shanghai, `2026-11-22`. */
export const PlainDateText = () => Type.String({ format: 'date' });

/** UTC with milliseconds. */
export const InstantText = () =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });

/** One line of text. */
export const Line = (max: number) => Type.String({ minLength: 1, maxLength: max });

/**
 * One of our own people, or who acts for them, by an id that says nothing of itself: no name, address or number of
 * a person fits into it without being written as one.
 */
export const StaffIdText = () => Type.String({ pattern: STAFF_ID });

/** A UUID, or an account's id such as `team-7`. */
export const STAFF_ID = '^[0-9a-zA-Z-]{1,80}$';

/** An amount of money: a decimal with two places, its currency, and its value in CNY on that date. */
export const Amount = () =>
  Type.Object(
    {
      amount: Type.String({ pattern: DECIMAL }),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
      /** In CNY at the rate of the day. */
      cny: Type.String({ pattern: DECIMAL }),
      /** CNY for one unit of the currency; absent for CNY. */
      rate: Type.Optional(Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,8})?$' })),
    },
    { additionalProperties: false },
  );

/** At most 15 digits in all, two of them after the point: exact as an integer of fen. */
export const DECIMAL = '^-?(0|[1-9]\\d{0,12})\\.\\d{2}$';

/** What a decision used from elsewhere: the value, and the index of the event that it came from. */
export const Used = (values: readonly string[]) =>
  Type.Object(
    { value: Type.Enum([...values]), index: Type.Integer({ minimum: -1 }) },
    { additionalProperties: false },
  );
