import type { Actor } from '@rapport/contracts';
import type { CommandSender, ServiceRuntime } from '@rapport/event-sourcing';

/** What an import needs of the process that it runs in. */
export interface ImportRuntime extends Pick<ServiceRuntime, 'tenant' | 'requests' | 'secretId'> {
  readonly sender: CommandSender;
  /**
   * Resolves when the views show everything that is recorded: companies are found by name there.
   *
   * @param actor who imports
   * @returns false when they do not in time
   */
  readonly settle: (actor: Actor) => Promise<boolean>;
}

/** Nest's injection token of the ImportRuntime. */
export const IMPORT_RUNTIME = Symbol('IMPORT_RUNTIME');
