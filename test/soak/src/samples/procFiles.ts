import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process. */
export interface ProcFigures {
  /** Resident memory, bytes. */
  readonly resident: number;
  readonly threads: number;
  /** Open files, sockets and the like. */
  readonly handles: number;
  /** Handles that it may have open. */
  readonly mostHandles: number;
}

/** Undefined where the process has just ended. */
export function procFigures(pid: number): ProcFigures | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    return {
      resident: figure(status, /^VmRSS:\s+(\d+) kB$/m) * 1_024,
      threads: figure(status, /^Threads:\s+(\d+)$/m),
      handles: readdirSync(`/proc/${pid}/fd`).length,
      mostHandles: figure(limits, /^Max open files\s+(\d+)/m),
    };
  } catch {
    return undefined;
  }
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern.source}`);
  return Number(found);
}
