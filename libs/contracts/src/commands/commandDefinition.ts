import type { DECIDING_SERVICES } from '@rapport/platform';
import type { Permission } from '../permissions/permissions.ts';

/** The five contexts that decide, each a service of the same name. */
export type Context = (typeof DECIDING_SERVICES)[number];

/** A command's public definition. */
export interface CommandDefinition<Body extends object = object, Target extends string = string> {
  /** `<context>.<Command>` */
  readonly name: string;
  readonly context: Context;
  /** What the sender fills in. */
  readonly body: new () => Body;
  /** Ids from the path that the command is addressed to. */
  readonly targets: readonly Target[];
  readonly permission: Permission;
}

/** Body and targets together: what travels to the service. */
export type PayloadOf<D> =
  D extends CommandDefinition<infer Body, infer Target> ? Body & Readonly<Record<Target, string>> : never;

export function defineCommand<Body extends object, Target extends string = never>(
  context: Context,
  body: new () => Body,
  permission: Permission,
  targets: readonly Target[] = [],
  name: string = body.name,
): CommandDefinition<Body, Target> {
  return { name: `${context}.${name}`, context, body, targets, permission };
}
