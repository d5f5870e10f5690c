import Type from 'typebox';

/** An amount of CNY in a policy: not negative, two decimals, as text. */
export const CnyText = () => Type.String({ pattern: '^(0|[1-9]\\d{0,12})\\.\\d{2}$' });

/** For comparing amounts of a policy with each other; exact, since both have two decimals. */
export function fenOf(amount: string): number {
  return Number(amount.replace('.', ''));
}
