import { readFileSync } from 'node:fs';

export interface ResidentMemory {
  /** Resident now, in MB (10⁶ bytes). */
  readonly nowMb: number;
  /** The most that was ever resident, in MB. */
  readonly peakMb: number;
}

/** Resident memory of a live process as Linux counts it; undefined elsewhere or when the process is gone. */
export function residentMemory(pid: number): ResidentMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined; // no /proc on this system, or the process has just ended
  }
  const nowMb = megabytes(status, 'VmRSS');
  const peakMb = megabytes(status, 'VmHWM');
  return nowMb === undefined || peakMb === undefined ? undefined : { nowMb, peakMb };
}

function megabytes(status: string, field: string): number | undefined {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
}
