/** A system call in a trace; `from` and `to` are the lines where it began and ended. */
export interface Call {
  readonly name: string;
  readonly file: string;
  /** Its arguments as strace prints them. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly result: number;
}

const WHOLE = /^(\d+) +(\w+)\(\d+<([^>]*)>(.*)\) += (-?\d+)/;
const BEGUN = /^(\d+) +(\w+)\(\d+<([^>]*)>(.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+)/;

/** Reads the output of `strace -f -y`: calls on files, also those that other threads' calls interrupt. */
export function systemCalls(trace: string): Call[] {
  const calls: Call[] = [];
  const begun = new Map<string, Omit<Call, 'to' | 'result'>>();
  trace.split('\n').forEach((line, at) => {
    const whole = WHOLE.exec(line);
    const start = whole === null ? BEGUN.exec(line) : null;
    const end = RESUMED.exec(line);
    if (whole !== null) {
      const [, , name, file, text, result] = whole as unknown as string[];
      calls.push({ name: name!, file: file!, text: text!, from: at, to: at, result: Number(result) });
    } else if (start !== null) {
      const [, thread, name, file, text] = start as unknown as string[];
      begun.set(thread!, { name: name!, file: file!, text: text!, from: at });
    } else if (end !== null && begun.has(end[1]!)) {
      calls.push({ ...begun.get(end[1]!)!, to: at, result: Number(end[3]) });
      begun.delete(end[1]!);
    }
  });
  return calls;
}
