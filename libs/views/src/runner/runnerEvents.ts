import type { ReadEvent } from '@rapport/contracts';
import type { ParkedKey } from '../viewStore.ts';
import type { Fenced } from './fenced.ts';

/** What a runner tells: for alerts, metrics and logs. None of it may throw. */
export interface RunnerEvents {
  /** A key waits for somebody to repair its fold: raise an alert. */
  parked?(entry: ParkedKey): void;
  unparked?(projection: string, key: string): void;
  /** Another owner took over, or may have: this one has stopped writing and stands by. */
  fenced?(fenced: Fenced): void;
  /** The runner owns the projection from now on. */
  acquired?(projection: string, epoch: number): void;
  /** The key store does not answer; the projection waits. */
  keysUnavailable?(projection: string): void;
  /** Something that goes away by itself, such as a store that does not answer; tried again after `delay` ms. */
  retrying?(projection: string, error: unknown, delay: number): void;
  /** The projection has stopped and stays stopped: raise an alert. */
  failed?(projection: string, error: unknown): void;
  /** The checkpoint is of another log: the view was emptied and starts again. */
  startedAgain?(projection: string): void;
  /** A batch can be read; its checkpoint is saved, within 200 ms where it touched nothing. */
  committed?(projection: string, batch: CommittedBatch): void;
  /** An event that is not counted passed by, once per tenure and projection. */
  uncounted?(projection: string, event: ReadEvent): void;
}

export interface CommittedBatch {
  readonly events: number;
  readonly documents: number;
  /** Last position and last index in it. */
  readonly position: number;
  readonly index: number;
  /**
   * recordedAt of its last event that can be read: lag in seconds is the wall clock minus this, while there is a lag.
   * Undefined where none can.
   */
  readonly recordedAt: string | undefined;
}
