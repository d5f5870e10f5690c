import { OneOf, Pattern } from '../fields/fields.ts';
import { DECIMAL } from '../schema/types.ts';

/** Currencies with two decimal places that purchases may be in; others need a decision on their rounding. */
export const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'GBP', 'SGD', 'AUD'] as const;

/** A decimal with two places, as text: never a floating-point number. */
export class Money {
  @Pattern(new RegExp(DECIMAL), 'an amount with two decimal places, as text: "500000.00"', {
    example: '500000.00',
  })
  amount!: string;

  @OneOf(CURRENCIES)
  currency!: (typeof CURRENCIES)[number];
}
