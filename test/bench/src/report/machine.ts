import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { WORKSPACE } from '../places.ts';

/** The machine in one line: processor, cores, memory, system, Node's version. */
export function machine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cores.length} cores, ${memory} GiB memory, ${type()} ${release()}, Node ${process.version}`;
}

/** The commit that is measured, with `+` when tracked files differ from it. */
export function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: WORKSPACE, encoding: 'utf8' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return 'unknown (no git here)';
  }
}
