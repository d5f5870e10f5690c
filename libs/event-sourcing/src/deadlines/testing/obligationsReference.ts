import { toInstant, type EpochMillis } from '@rapport/platform';
import type { ObligationsCommand } from './obligations.ts';

export interface Timed {
  readonly at: EpochMillis;
  readonly command: ObligationsCommand;
}

interface Waiting {
  readonly kind: 'reminder' | 'repeat';
  readonly id: string;
  at: EpochMillis;
  pauses: readonly number[];
  every: number;
}

/**
 * What happens to obligations in a world in which every timer strikes at its instant, told as `<instant> <what> <id>`.
 * Knows no agenda, no generations, no events: a list of what waits, searched anew for each step.
 */
export function whatHappens(commands: readonly Timed[], end: EpochMillis): readonly string[] {
  const happened: string[] = [];
  let waiting: Waiting[] = [];
  /** When each struck last: at that instant it does not strike again. */
  const struck = new Map<string, EpochMillis>();
  const strike = (before: EpochMillis): void => {
    for (;;) {
      const due = waiting.filter(({ kind, id, at }) => at < before && struck.get(`${kind} ${id}`) !== at);
      if (due.length === 0) return;
      due.sort((x, y) => x.at - y.at || order(x.kind, y.kind) || order(x.id, y.id));
      const first = due[0]!;
      happened.push(`${toInstant(first.at)} ${first.kind === 'reminder' ? 'Reminded' : 'Again'} ${first.id}`);
      struck.set(`${first.kind} ${first.id}`, first.at);
      const [pause, ...rest] = first.pauses;
      if (first.kind === 'repeat') first.at += first.every;
      else if (pause === undefined) waiting = waiting.filter((one) => one !== first);
      else {
        first.at += pause;
        first.pauses = rest;
      }
    }
  };
  // What is begun anew after it has struck goes on from there.
  const againFrom = ({ id, from, every }: Extract<ObligationsCommand, { do: 'repeat' }>) => {
    const last = struck.get(`repeat ${id}`);
    return { at: last === undefined || last < from ? from : last + every };
  };
  for (const { at, command } of commands) {
    strike(at);
    const tell = (what: string, id: string): void => void happened.push(`${toInstant(at)} ${what} ${id}`);
    switch (command.do) {
      case 'owe':
        waiting = waiting.filter(({ kind, id }) => kind !== 'reminder' || id !== command.id);
        waiting.push({ kind: 'reminder', id: command.id, at: command.at, pauses: command.pauses, every: 0 });
        tell('Owed', command.id);
        break;
      case 'move': {
        const moved = waiting.find(({ kind, id }) => kind === 'reminder' && id === command.id);
        if (moved === undefined) break;
        moved.at = command.at;
        tell('Moved', command.id);
        break;
      }
      case 'pay':
        if (!waiting.some(({ id }) => id === command.id)) break;
        waiting = waiting.filter(({ id }) => id !== command.id);
        tell('Paid', command.id);
        break;
      case 'repeat':
        waiting = waiting.filter(({ kind, id }) => kind !== 'repeat' || id !== command.id);
        waiting.push({
          kind: 'repeat',
          id: command.id,
          ...againFrom(command),
          pauses: [],
          every: command.every,
        });
        tell('Repeated', command.id);
        break;
      case 'nothing':
        break;
    }
  }
  strike(end);
  return happened;
}

function order(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
