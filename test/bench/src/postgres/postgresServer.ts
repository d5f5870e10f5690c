import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '@rapport/platform';
import { StartedProcess } from '../processes/startedProcess.ts';
import { emptyWorkFolder } from '../places.ts';
import { postgresBinaries, unprivilegedUser } from './postgresBinaries.ts';

/** A PostgreSQL with a fresh data folder and the distribution's default settings, on a loopback port. */
export class PostgresServer {
  private constructor(
    private readonly server: StartedProcess,
    private readonly port: number,
    /** Version and the settings that durability hangs on, as the server reports them. */
    readonly description: string,
  ) {}

  /** @throws NotAvailable where it is not installed or does not start */
  static async start(): Promise<PostgresServer> {
    const binaries = postgresBinaries();
    const user = unprivilegedUser();
    const data = emptyWorkFolder('postgres');
    if (user !== undefined) chownSync(data, user.uid, user.gid);
    execFileSync(
      join(binaries, 'initdb'),
      ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
      {
        ...user,
        cwd: data,
        stdio: 'pipe',
      },
    );
    const port = await freePort();
    const server = new StartedProcess({
      name: 'postgresql',
      command: join(binaries, 'postgres'),
      args: [
        '-D',
        data,
        '-p',
        String(port),
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'unix_socket_directories=',
      ],
      cwd: data,
      ...user,
    });
    try {
      let description = '';
      await server.until(async () => {
        description = await describe(port);
        return true;
      }, 30_000);
      return new PostgresServer(server, port, description);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Creates an empty database and answers its URL. */
  async createDatabase(name: string): Promise<string> {
    await query(this.port, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await query(this.port, `CREATE DATABASE ${name}`);
    return `postgres://bench@127.0.0.1:${this.port}/${name}`;
  }

  /** Writes dirty pages now, so that this does not fall into another arm's round. */
  async checkpoint(): Promise<void> {
    await query(this.port, 'CHECKPOINT');
  }

  /** Ends it by its id (SIGINT: sessions are ended, the log is flushed). */
  async stop(): Promise<void> {
    await this.server.stop('SIGINT');
  }
}

async function describe(port: number): Promise<string> {
  const [version] = await query(port, 'SHOW server_version');
  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers'];
  const values: string[] = [];
  for (const setting of settings) {
    const [row] = await query(port, `SHOW ${setting}`);
    values.push(`${setting} = ${String(row?.[setting])}`);
  }
  return `PostgreSQL ${String(version?.['server_version'])}, ${values.join(', ')}`;
}

async function query(port: number, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'postgres' });
  client.on('error', () => undefined); // a server that is going down ends its sessions; the query itself rejects
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
