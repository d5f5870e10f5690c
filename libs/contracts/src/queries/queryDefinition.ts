import type { TSchema } from 'typebox';
import type { Permission } from '../permissions/permissions.ts';
import type { Actor } from '../wire/actor.ts';

/** A query's public definition. */
export interface QueryDefinition {
  /** Name of a client's method: `getCustomer`. Letters only, since generators take what is before a `_` for a class. */
  readonly operation: string;
  readonly permission: Permission;
  /** What may be asked besides the ids from the path. */
  readonly parameters: new () => object;
  /** JSON Schema of what is answered. */
  readonly answer: TSchema;
}

export function defineQuery(
  operation: string,
  permission: Permission,
  parameters: new () => object,
  answer: TSchema,
): QueryDefinition {
  return { operation, permission, parameters, answer };
}

export interface QueryMessage<Parameters = object> {
  readonly parameters: Parameters;
  readonly actor: Actor;
  /** Position token: wait briefly until the view has it. */
  readonly after?: string;
}

/** The answer to a query: `body` is masked for the actor already. */
export interface QueryAnswer<Body = object> {
  readonly body: Body;
  /** The view had not reached `after` in time. */
  readonly stale: boolean;
  /** Revision of the record's stream, where the answer is one record: the ETag. */
  readonly revision?: number;
  /** Cursor of the next page. */
  readonly next?: string;
}
