import type { CommandAnswer } from '@rapport/contracts';
import type { RecordedPlace } from '@rapport/platform';
import type { ImportCommand } from './importKind.ts';

/** Where an import goes. */
export interface ImportTarget {
  /** Command id of a row; in a secret namespace, since rows name people (contract.md, «The command»). */
  commandId(source: string, ...key: readonly (string | number)[]): string;
  /** @throws Problem as the service says */
  send(command: ImportCommand): Promise<CommandAnswer>;
  /** Checks a command as a service's door would, and sends nothing. @throws Problem */
  check(command: ImportCommand): Promise<void>;
  /** Id of the one company with this name; undefined where there is none, or more than one. */
  findCompany(name: string): Promise<string | undefined>;
  /** Data of an event of the log, as whoever imports may see it. */
  recordedAt(place: RecordedPlace): Promise<Readonly<Record<string, unknown>>>;
  /** Opaque id of one of our own people. */
  staff(name: string): string;
}
