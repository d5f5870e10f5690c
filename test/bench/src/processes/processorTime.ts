import { readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms (USER_HZ). */
const TICK_MS = 10;

/** Processor time of a live process with all its threads so far, in ms; undefined where the system does not tell. */
export function processorTime(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // no /proc on this system, or the process has just ended
  }
  // Behind the name, which may hold spaces: state is field 3, utime 14, stime 15 (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
