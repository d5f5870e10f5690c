import { canonicalJson, COMMANDS, uuid5, validateCommand, type CommandAnswer } from '@rapport/contracts';
import { IMPORT_KINDS, runImport, type ImportCommand, type ImportTarget } from '@rapport/service-imports';
import type { TakeRows } from './importFile.ts';

/** Of ids that are never sent: no secret. */
const NAMESPACE = '5d0c6f0e-8a8e-5b0c-9f61-2f1d7f9f6f11';

/** Where nothing has been recorded yet and nothing is to be: rows can be checked, and no customer is known. */
export class StrangerTarget implements ImportTarget {
  commandId(source: string, ...key: readonly (string | number)[]): string {
    return uuid5(NAMESPACE, canonicalJson([source, ...key]));
  }

  async check({ command, payload }: ImportCommand): Promise<void> {
    await validateCommand(COMMANDS[command], payload);
  }

  async send(): Promise<CommandAnswer> {
    throw new TypeError('rows are only checked where there is no log');
  }

  async findCompany(): Promise<undefined> {}

  async recordedAt(): Promise<never> {
    throw new TypeError('nothing is recorded where there is no log');
  }

  staff(name: string): string {
    return uuid5(NAMESPACE, canonicalJson(['staff', name]));
  }
}

/** Checks rows without a data folder. */
export const checkRows: TakeRows = (kind, rows) =>
  runImport(IMPORT_KINDS.get(kind)!, rows, new StrangerTarget(), true);
