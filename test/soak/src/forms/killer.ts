import { systemMonotonicClock } from '@rapport/platform';
import type { Seeded } from '../mix/seeded.ts';
import type { Form, FormProcess } from './form.ts';

/** A kill -9 and what followed. */
export interface Kill {
  /** Minutes since the run began. */
  readonly at: number;
  readonly process: string;
  /** From its death until it said that it is ready again. */
  readonly seconds: number;
}

/** Kills one random process after the other, each restarted at once. */
export class Killer {
  readonly kills: Kill[] = [];
  private readonly lives = new Map<string, number>();
  private striking: Promise<void> | undefined;

  constructor(
    private readonly form: Form,
    private readonly random: Seeded,
    private readonly minutes: () => number,
  ) {}

  /** Kills one, unless the last one is not ready yet. */
  strike(): void {
    if (this.striking !== undefined) return;
    this.striking = this.kill(this.random.of(this.form.processes));
    // Told by calm(), which everybody calls before the end.
    this.striking.catch(() => undefined);
  }

  /** Resolves when the last one that was killed is ready again. @throws ProcessNotReady where it does not come back */
  async calm(): Promise<void> {
    await this.striking;
    this.striking = undefined;
  }

  /** Lives of a process before this one: samples of one life are compared with each other only. */
  lifeOf(name: string): number {
    return this.lives.get(name) ?? 0;
  }

  private async kill({ name, process }: FormProcess): Promise<void> {
    const at = this.minutes();
    await process.kill();
    const died = systemMonotonicClock.now();
    this.lives.set(name, this.lifeOf(name) + 1);
    await process.start();
    this.kills.push({ at, process: name, seconds: (systemMonotonicClock.now() - died) / 1_000 });
  }
}
