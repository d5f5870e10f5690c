import { commandIdOfRequest } from '@rapport/contracts';
import { demoActor } from '@rapport/service-gateway';
import type { StoredEvent } from '@rapport/test-checks';
import type { ImportTally } from '../load/importTally.ts';
import type { Journal, JournalEntry } from '../load/journal.ts';
import { check, type Check } from './check.ts';

/** The tenant of both forms. */
const TENANT = 'main';

/** What a command has left in the log. */
interface Recorded {
  /** Its events, without context. */
  readonly events: string[];
  /** Of what they created, by the event's name. */
  readonly ids: Map<string, unknown>;
  readonly actor: string;
  readonly origin: string;
}

/** Fields that name what an event creates, wherever one does. */
const CREATED: Readonly<Record<string, string>> = {
  CustomerRegistered: 'customerId',
  ContactAdded: 'contactId',
  PurchaseRecorded: 'purchaseId',
  RefundRecorded: 'purchaseId',
  StrategicDesignationRequested: 'designationId',
  InteractionRecorded: 'interactionId',
  TicketOpened: 'ticketId',
  TicketResponded: 'responseId',
  ServiceRecorded: 'serviceRecordId',
  SurveyAnswered: 'answerId',
  FeedbackReceived: 'improvementId',
  ImprovementPlanned: 'improvementId',
  RiskIdentified: 'riskId',
};

/** Compares the log with what was answered: none lost, none twice, by command id and by what each command effects. */
export class LogOfCommands {
  private readonly commands = new Map<string, Recorded>();
  private readonly created = new Set<string>();
  private readonly twice: string[] = [];
  private readonly importedCustomers: string[] = [];
  private importedPurchases = 0;

  /** The next event of the log. */
  take({ type, commandId, actor, origin, data }: StoredEvent): void {
    const event = type.split('.').at(-1)!;
    let command = this.commands.get(commandId);
    if (command === undefined) {
      command = { events: [], ids: new Map(), actor, origin };
      this.commands.set(commandId, command);
    }
    command.events.push(event);
    const field = CREATED[event];
    if (field === undefined) return;
    const id = data[field];
    command.ids.set(event, id);
    if (this.created.has(`${event} ${id}`)) this.twice.push(`${event} of ${id} stands twice in the log`);
    this.created.add(`${event} ${id}`);
    if (origin !== 'import') return;
    if (event === 'CustomerRegistered') this.importedCustomers.push(String(data['externalId']));
    if (event === 'PurchaseRecorded') this.importedPurchases += 1;
  }

  /** @returns what is wrong, one check after the other */
  async checks(journal: Journal, imports: ImportTally): Promise<readonly Check[]> {
    const lost: string[] = [];
    const refused: string[] = [];
    const asked = new Set<string>();
    for await (const entry of journal.entries()) {
      const commandId = commandIdOf(entry);
      asked.add(commandId);
      const recorded = this.commands.get(commandId);
      if (entry.status < 300) lost.push(...wrongIn(entry, recorded));
      else if (recorded !== undefined)
        refused.push(`${entry.kind} ${entry.key} was answered ${entry.status}, and stands in the log`);
    }
    return [
      check(`each of ${journal.count} commands is in the log as it was answered, exactly once`, [
        ...lost,
        ...this.twice,
      ]),
      check('nothing that was refused is in the log', refused),
      check('nothing is in the log that nobody asked for', this.unasked(asked)),
      check(
        `each of ${imports.customers.size + imports.purchases} imported rows is in the log exactly once`,
        this.wrongRows(imports),
      ),
    ];
  }

  /** What is neither asked for, nor a row of an import, nor what the product does by itself. */
  private unasked(asked: ReadonlySet<string>): readonly string[] {
    const people = new Set(ROLES_OF_PEOPLE.map((role) => demoActor(role).id));
    const found: string[] = [];
    for (const [commandId, { events, actor, origin }] of this.commands) {
      if (asked.has(commandId) || origin === 'import' || !people.has(actor)) continue;
      found.push(`command ${commandId} with ${events.join(', ')}`);
    }
    return found;
  }

  private wrongRows({ customers, purchases }: ImportTally): readonly string[] {
    const faults: string[] = [];
    const seen = new Map<string, number>();
    for (const id of this.importedCustomers) seen.set(id, (seen.get(id) ?? 0) + 1);
    for (const id of customers)
      if (seen.get(id) !== 1) faults.push(`${id} stands ${seen.get(id) ?? 0} times in the log`);
    for (const id of seen.keys())
      if (!customers.has(id)) faults.push(`${id} stands in the log, and no import said so`);
    if (this.importedPurchases !== purchases) {
      faults.push(`${this.importedPurchases} imported purchases stand in the log, imports said ${purchases}`);
    }
    return faults;
  }
}

const ROLES_OF_PEOPLE = [
  'account-manager',
  'sales-consultant',
  'service-agent',
  'specialist',
  'marketing',
  'team-lead',
  'risk-officer',
  'data-steward',
  'manager',
] as const;

/** As the gateway derives it (contract.md, «The command»). */
function commandIdOf({ role, method, path, key }: JournalEntry): string {
  return commandIdOfRequest(TENANT, demoActor(role).id, method, path, key);
}

function wrongIn({ kind, key, id, effect }: JournalEntry, recorded: Recorded | undefined): readonly string[] {
  if (recorded === undefined) return [`${kind} ${key} was answered, and is not in the log`];
  if (effect === undefined) return [];
  const times = recorded.events.filter((event) => event === effect.event).length;
  if (effect.event !== 'ContactLeft' && times !== 1)
    return [`${kind} ${key} left ${effect.event} ${times} times`];
  const named = recorded.ids.get(effect.event);
  return effect.idField !== undefined && named !== id
    ? [`${kind} ${key} answered ${id}, the log says ${String(named)}`]
    : [];
}
