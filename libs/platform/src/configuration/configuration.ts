import type { ServiceName } from './serviceName.ts';
import type { Setting } from './setting.ts';
import type { SETTINGS } from './settings.ts';

type Table = typeof SETTINGS;

type ValueOf<Of> =
  Of extends Setting<infer Value, ServiceName, infer Presence>
    ? Presence extends 'always'
      ? Value
      : Value | undefined
    : never;

type ReadBy<Service extends ServiceName, Of> =
  Of extends Setting<unknown, infer Services> ? (Service extends Services ? true : false) : false;

/** What a service reads from its environment: exactly the settings that the table gives it. */
export type Configuration<Service extends ServiceName> = {
  readonly [Key in keyof Table as ReadBy<Service, Table[Key]> extends true ? Key : never]: ValueOf<
    Table[Key]
  >;
};
