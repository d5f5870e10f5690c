import { expect } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import type { Client, Reply } from '@rapport/test-checks';
import { answered, work, type Sent } from '../../harness/serviceDesk.ts';
import { PatientClient } from './patientClient.ts';

const CLIENTS = 8;

/** Clients at work side by side, who put up with faults. */
export class Load {
  readonly sent: Sent[] = [];
  readonly client: PatientClient;
  private readonly working: Promise<readonly Reply[]>;

  /** Begins. @param name no other load on the same log may have it */
  constructor(client: Client, name: string) {
    this.client = new PatientClient(client);
    this.working = work(this.client, name, CLIENTS, this.sent);
  }

  get answers(): number {
    return answered(this.sent).length;
  }

  /** Waits for so many more answers. */
  async goesOn(answers: number, deadlineMs = 60_000): Promise<void> {
    const enough = this.answers + answers;
    await until(`${answers} more answers`, () => (this.answers >= enough ? true : undefined), deadlineMs);
  }

  /** Lets every command that was sent be answered, and ends. */
  async end(): Promise<void> {
    this.client.close();
    expect(await this.working).toEqual([]);
    // Those that were about to be sent when it closed.
    const unanswered = this.sent.filter(({ answer }) => answer === undefined);
    expect(unanswered.filter(({ key }) => this.client.retried.has(key))).toEqual([]);
  }
}
