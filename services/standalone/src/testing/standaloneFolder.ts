import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEvent, type RecordedEvent, type Role } from '@rapport/contracts';
import { querySubject } from '@rapport/messaging';
import { demoActor } from '@rapport/service-gateway';
import { testCaches } from '@rapport/platform/testing';
import { startStandalone, type Standalone, type StandaloneStart } from '../composition/standalone.ts';
import { importFile, type FileReport } from '../import/importFile.ts';
import { takeRowsHere } from '../import/takeRowsHere.ts';

/** A data folder of a test, all services on it without HTTP, and files to import. */
export class StandaloneFolder {
  readonly home = mkdtempSync(join(tmpdir(), 'standalone-'));
  readonly alerts: string[] = [];
  private running: Standalone | undefined;
  private files = 0;

  async start(options: StandaloneStart = {}): Promise<Standalone> {
    this.running = await startStandalone(
      join(this.home, 'data'),
      (alert, facts) => this.alerts.push(`${alert} ${JSON.stringify(facts)}`),
      { cacheMb: testCaches().bytes / 1024 ** 2, ...options },
    );
    return this.running;
  }

  get standalone(): Standalone {
    return this.running!;
  }

  /** Stops what runs and starts it again on the same folder, as a new process would. */
  async restart(): Promise<Standalone> {
    await this.stop();
    return this.start();
  }

  async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    await running?.close();
  }

  /** Imports a file with this content. */
  import(
    kind: string,
    content: string | Buffer,
    dryRun = false,
  ): Promise<FileReport & { readonly path: string }> {
    const path = join(this.home, `rows-${(this.files += 1)}.csv`);
    writeFileSync(path, content);
    return this.importFile(kind, path, dryRun);
  }

  async importFile(
    kind: string,
    path: string,
    dryRun = false,
  ): Promise<FileReport & { readonly path: string }> {
    const take = takeRowsHere(this.standalone, demoActor('administrator'));
    const report = await importFile({ kind, path, dryRun, progress: () => undefined }, take);
    await this.standalone.settle();
    return { ...report, path };
  }

  /** The counted events from an index on. */
  async log(from = 0): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (;;) {
      const page = await this.standalone.folder.events.readCounted(from + events.length, 1_000);
      events.push(...page.map(decodeEvent));
      if (page.length < 1_000) return events;
    }
  }

  /** Index of the last counted event. */
  async head(): Promise<number> {
    return (await this.standalone.runtime.ledger.head()).index;
  }

  async ask(query: string, parameters: object, role: Role = 'manager'): Promise<Record<string, unknown>> {
    const message = { parameters, actor: demoActor(role) };
    const answer = await this.standalone.transport.request<{ body: Record<string, unknown> }>(
      querySubject(query),
      message,
    );
    return answer.body;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}
