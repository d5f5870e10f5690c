import { spawn } from 'node:child_process';
import { nodeArguments } from '@rapport/local';
import type { ServiceName } from '@rapport/platform';

/** A service as a process of its own, without what it needs; its end is what matters. */
export class LonelyService {
  readonly exited: Promise<number | null>;
  private said = '';
  private readonly child;

  constructor(
    service: ServiceName,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.child = spawn(process.execPath, nodeArguments(`services/${service}/src/main`), {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.exited = new Promise((resolve) => this.child.once('close', resolve));
  }

  get log(): string {
    return this.said;
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** What it says of its parts; undefined while it does not answer at all. */
  readiness(): Promise<{ status: number; parts: Record<string, string> } | undefined> {
    return fetch(`http://127.0.0.1:${this.env['RAPPORT_HEALTH_PORT']}/health/ready`).then(
      async (response) => ({
        status: response.status,
        parts: ((await response.json()) as { parts: Record<string, string> }).parts,
      }),
      () => undefined,
    );
  }
}
