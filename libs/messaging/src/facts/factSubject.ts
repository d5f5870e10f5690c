/** Every subject of the tenant's facts; `v1` is the version of the envelope. */
export function factSubjects(tenant: string): string {
  return `crm.${tenant}.facts.v1.>`;
}

/** The facts of one partition (0 to 31, 32 for those of no customer), of every type. */
export function partitionSubjects(tenant: string, partition: number): string {
  return `crm.${tenant}.facts.v1.*.*.${partition}`;
}

/**
 * Subject of a fact: `crm.main.facts.v1.tickets.TicketOpened.7`.
 *
 * @param type of the event, `crm.<context>.<EventType>`
 * @throws RangeError for a type that is none, which would otherwise land outside of the stream
 */
export function factSubject(tenant: string, type: string, partition: number): string {
  // Asked for each event: the text before the partition is the same for all events of a type.
  let prefix = prefixes.get(type);
  if (prefix === undefined) {
    const [, path] = TYPE.exec(type) ?? [];
    if (path === undefined) throw new RangeError('not an event type: expected crm.<context>.<EventType>');
    prefixes.set(type, (prefix = path));
  }
  return `crm.${tenant}.facts.v1.${prefix}.${partition}`;
}

/**
 * An event's type as its fact names it. A foreign event may have one that could stand in no subject: it is a fact all the
 * same, or every later one would wait for it.
 */
export function factType(type: string): string {
  return TYPE.test(type) ? type : 'crm.foreign.Foreign';
}

const TYPE = /^crm\.([a-z][a-zA-Z]*\.[A-Z][A-Za-z0-9]*)$/;

/** As many as there are event types. */
const prefixes = new Map<string, string>();

/** What a stream takes that is not the tenant's current one any more. */
export function retiredSubject(tenant: string, streamName: string): string {
  return `crm.${tenant}.retired.${streamName}`;
}
