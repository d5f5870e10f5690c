// The writer thread with a database whose COMMIT fails on demand: see Fault.
import { workerData } from 'node:worker_threads';
import Database from 'libsql';
import { Fault } from './fault.ts';

const { fault } = workerData as { fault: Int32Array };
const exec = Database.prototype.exec;

Database.prototype.exec = function (this: Database.Database, sql: string) {
  if (sql !== 'COMMIT') return exec.call(this, sql);
  const kind = Atomics.exchange(fault, 0, Fault.none);
  if (kind === Fault.threadEnds) process.exit(1);
  if (kind === Fault.afterCommit) exec.call(this, sql);
  if (kind === Fault.none) return exec.call(this, sql);
  throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
};

await import('../writer.ts');
