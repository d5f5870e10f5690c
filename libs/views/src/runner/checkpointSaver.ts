import type { Timers } from '@rapport/platform';
import type { Checkpoint, ProjectionControl } from '../viewStore.ts';
import type { CommitQueue } from './commitQueue.ts';
import { Fenced } from './fenced.ts';
import type { Lease } from './lease.ts';

/** Events after which a checkpoint is saved also where they touched nothing, and the longest wait for it in ms. */
const MOST_UNSAVED = 1_000;
const SAVED_WITHIN = 200;

export interface CheckpointSaverParts {
  /** Of the projection. */
  readonly id: string;
  readonly control: ProjectionControl;
  readonly lease: Lease;
  readonly timers: Timers;
}

/** Saves how far a tenure is. To be called within its commits, after the documents that the checkpoint speaks of. */
export class CheckpointSaver {
  private passed = 0;
  private unsaved: Checkpoint | undefined;
  private cancelAlarm: (() => void) | undefined;

  constructor(
    private readonly parts: CheckpointSaverParts,
    private readonly commits: CommitQueue,
  ) {}

  /** @throws Fenced */
  async save(checkpoint: Checkpoint): Promise<void> {
    const { id, control, lease } = this.parts;
    this.unsaved = undefined;
    this.passed = 0;
    lease.assertHeld();
    if (!(await control.saveCheckpoint(id, lease.epoch, checkpoint))) {
      throw new Fenced('checkpoint', id, lease.epoch);
    }
  }

  /**
   * For a batch that touched nothing, so that folding it again costs little: one checkpoint for many of them. Without
   * this, each view would pay for every event of every other one.
   */
  async saveSoon(checkpoint: Checkpoint, events: number): Promise<void> {
    this.passed += events;
    if (this.passed >= MOST_UNSAVED) return this.save(checkpoint);
    this.unsaved = checkpoint;
    this.cancelAlarm ??= this.parts.timers.schedule(SAVED_WITHIN, () => {
      this.cancelAlarm = undefined;
      // Should it fail, the queue tells the tenure.
      this.flush().catch(() => undefined);
    });
  }

  /** Has what is still unsaved saved, behind the commits that are under way. */
  flush(): Promise<void> {
    return this.commits.push(async () => {
      if (this.unsaved !== undefined) await this.save(this.unsaved);
    });
  }

  cancel(): void {
    this.cancelAlarm?.();
  }
}
