import type { TSchema } from 'typebox';

/** One thing that is wrong with a policy value beyond its schema, by field; never the value. */
export interface PolicyFault {
  readonly field: string;
  readonly message: string;
}

/**
 * A policy: the numbers and lists of some handbook rules as versioned data (domain.md). They stand in
 * `defaultValue` and nowhere else; code takes the value as an argument.
 */
export interface PolicyDefinition<Name extends string = string, T = unknown> {
  readonly name: Name;
  /** JSON Schema of a value; values are canonical JSON: safe integers, decimals as text. */
  readonly schema: TSchema;
  /** Version 1, in force since ever. */
  readonly defaultValue: T;
  /** Ids of the rules whose numbers it holds. */
  readonly rules: readonly string[];
  /** What the schema cannot say, such as an order between fields; empty when the value is sound. */
  faults(value: T): PolicyFault[];
}
