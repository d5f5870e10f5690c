/** What the relay is doing. */
export type RelayState =
  /** Reads the stream's end, after a start, a lost connection or a refusal. */
  | 'healing'
  /** Publishes what is recorded. */
  | 'following'
  /** Another relay publishes; this one looks on, and takes over when that one stops. */
  | 'standby'
  /** The stream holds what it must not: somebody must repair it. Nothing is published. */
  | 'stopped';

/** For metrics, readiness and people. Writes never depend on it: the log is recorded whether or not it is published. */
export interface RelayStatus {
  readonly state: RelayState;
  /** Why it heals or has stopped; empty otherwise. */
  readonly reason: string;
  /** Name of the JetStream stream, empty before it was found. */
  readonly stream: string;
  /** Index of the last event that is known to be published, -1 for none. */
  readonly publishedIndex: number;
  /** Index of the last counted event in the log, as last seen. */
  readonly headIndex: number;
  /** Recorded events that are not known to be published. */
  readonly lag: number;
  /** How often the stream's end was read again since the start. */
  readonly heals: number;
}

/** Something that people must know, and mostly that only they can repair. */
export interface RelayAlert {
  /**
   * `foreign`: the stream holds a message that is not of this log. `refused`: the stream can't be used as it is.
   * Publishing goes on after `changed`: settings were taken back, and after `lost`: facts are gone from the stream.
   */
  readonly kind: 'foreign' | 'refused' | 'damaged' | 'changed' | 'lost';
  readonly reason: string;
  /** What to do, with the names to do it with. */
  readonly remedy: string;
}

/** Ends publishing until it is repaired. */
export class RelayStopped extends Error {
  override readonly name = 'RelayStopped';

  constructor(readonly alert: RelayAlert) {
    super(alert.reason);
  }
}
