import {
  canonicalJson,
  COMMANDS,
  validateCommand,
  type Actor,
  type CommandAnswer,
  type QueryAnswer,
} from '@rapport/contracts';
import { querySubject } from '@rapport/messaging';
import type { RecordedPlace } from '@rapport/platform';
import type { ImportCommand } from './importKind.ts';
import type { ImportRuntime } from './importRuntime.ts';
import type { ImportTarget } from './importTarget.ts';

/** Imports into the services, asked by message. */
export class ServicesTarget implements ImportTarget {
  constructor(
    private readonly into: Omit<ImportRuntime, 'settle'>,
    private readonly actor: Actor,
  ) {}

  commandId(source: string, ...key: readonly (string | number)[]): string {
    const { tenant, secretId } = this.into;
    return secretId('import', canonicalJson([tenant, source, ...key]));
  }

  send(command: ImportCommand): Promise<CommandAnswer> {
    return this.into.sender.send({ ...command, origin: 'import', actor: this.actor });
  }

  async check({ command, payload }: ImportCommand): Promise<void> {
    await validateCommand(COMMANDS[command], payload);
  }

  async findCompany(name: string): Promise<string | undefined> {
    const { body } = await this.into.requests.request<QueryAnswer>(querySubject('customers.list'), {
      parameters: { name, limit: 50 },
      actor: this.actor,
    });
    return onlyCompany(body as CustomerPage, name);
  }

  async recordedAt(place: RecordedPlace): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await this.into.requests.request<QueryAnswer<{ data: Record<string, unknown> }>>(
      querySubject('history.entry'),
      { parameters: place, actor: this.actor },
    );
    return body.data;
  }

  staff(name: string): string {
    return this.into.secretId('staff', name);
  }
}

export interface CustomerPage {
  readonly items: readonly { readonly id: string; readonly name: unknown }[];
}

/** The one company of exactly this name; undefined where there is none or more than one. */
export function onlyCompany({ items }: CustomerPage, name: string): string | undefined {
  const found = items.filter((customer) => customer.name === name);
  return found.length === 1 ? found[0]!.id : undefined;
}
