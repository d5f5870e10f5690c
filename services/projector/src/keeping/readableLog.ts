import type { Upcasters } from '@rapport/event-sourcing';
import type { EventLog, LogEvent } from '@rapport/views';

/** The log with its events in the versions that the code knows; one that it cannot read is handed out as such. */
export function readableLog(log: EventLog, upcasters: Upcasters): EventLog {
  const readable = (event: LogEvent): LogEvent => {
    if (event.unreadable !== undefined) return event;
    try {
      return upcasters.upcast(event);
    } catch (error) {
      return { ...event, unreadable: error instanceof Error ? error.name : typeof error };
    }
  };
  return {
    logId: log.logId,
    head: () => log.head(),
    readCounted: async (from, limit) => (await log.readCounted(from, limit)).map(readable),
    async *follow(after, signal, wanted) {
      for await (const page of log.follow(after, signal, wanted)) {
        // Events of types that nobody wants are there for their place only.
        yield page.map((event) => (wanted === undefined || wanted.has(event.type) ? readable(event) : event));
      }
    },
  };
}
