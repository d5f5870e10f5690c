import { EVENTS, UnknownEventError, type JsonValue, type RecordedEvent } from '@rapport/contracts';

/** Turns the data of one version of an event into that of the next. Pure. */
export type Upcast = (data: JsonValue) => JsonValue;

/**
 * Brings stored events to the version that the code knows, when they are read. The log is never rewritten.
 */
export class Upcasters {
  private readonly steps = new Map<string, Upcast>();

  /** @param currentVersion of a type; undefined for an unknown type. Default: the definitions of contracts. */
  constructor(
    private readonly currentVersion: (type: string) => number | undefined = (type) =>
      EVENTS.get(type)?.version,
  ) {}

  /** Adds the step from `fromVersion` to the next version. */
  register(type: string, fromVersion: number, step: Upcast): this {
    const key = `${type}@${fromVersion}`;
    if (this.steps.has(key)) throw new TypeError(`two upcasts for ${key}`);
    this.steps.set(key, step);
    return this;
  }

  /** @throws UnknownEventError for a type or version that this release cannot read */
  upcast(event: RecordedEvent): RecordedEvent {
    const current = this.currentVersion(event.type);
    if (event.version === current) return event;
    if (current === undefined || event.version > current)
      throw new UnknownEventError(event.type, event.version);
    let { data } = event;
    for (let version = event.version; version < current; version += 1) {
      const step = this.steps.get(`${event.type}@${version}`);
      if (step === undefined) throw new UnknownEventError(event.type, version);
      data = step(data);
    }
    return { ...event, version: current, data };
  }
}
