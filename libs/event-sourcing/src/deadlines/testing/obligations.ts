import type { DecidedEvent, Decider } from '../../decider/decider.ts';
import { toInstant, toMillis, type EpochMillis } from '@rapport/platform';
import type { AfterDowntime } from '../deadlineTable.ts';
import type { Due } from '../due.ts';

/** What somebody owes, for tests of the engine: at an instant, or again and again. */
export type ObligationsCommand =
  /** Due at an instant; then again after each of these pauses, one after the other. */
  | { readonly do: 'owe'; readonly id: string; readonly at: EpochMillis; readonly pauses: readonly number[] }
  | { readonly do: 'move'; readonly id: string; readonly at: EpochMillis }
  | { readonly do: 'pay'; readonly id: string }
  /** Due every so many ms from an instant on. */
  | { readonly do: 'repeat'; readonly id: string; readonly from: EpochMillis; readonly every: number }
  | { readonly do: 'nothing' };

interface Owed {
  readonly at: EpochMillis;
  readonly pauses: readonly number[];
}

export interface Obligations {
  readonly owed: ReadonlyMap<string, Owed>;
  readonly repeated: ReadonlyMap<string, { readonly from: EpochMillis; readonly every: number }>;
}

interface Data {
  readonly id: string;
  readonly at?: string;
  readonly pauses?: readonly number[];
  readonly from?: string;
  readonly every?: number;
}

const told = (type: string, data: Data): DecidedEvent => ({ type: `test.${type}`, data });

/** Reminders are chained by what fires; repeats count from what was settled last. */
export function obligationsDecider(
  afterDowntime: AfterDowntime = 'fire-late',
): Decider<Obligations, ObligationsCommand, 'reminder' | 'repeat'> {
  return {
    initial: { owed: new Map(), repeated: new Map() },

    decide(command, { owed, repeated }) {
      switch (command.do) {
        case 'owe':
          return [told('Owed', { id: command.id, at: toInstant(command.at), pauses: command.pauses })];
        case 'move':
          return owed.has(command.id) ? [told('Moved', { id: command.id, at: toInstant(command.at) })] : [];
        case 'pay':
          return owed.has(command.id) || repeated.has(command.id) ? [told('Paid', { id: command.id })] : [];
        case 'repeat': {
          const { id, from, every } = command;
          return [told('Repeated', { id, from: toInstant(from), every })];
        }
        case 'nothing':
          return [];
      }
    },

    evolve(state, { type, data }) {
      const { id, at, pauses = [], from, every } = data as unknown as Data;
      const owed = new Map(state.owed);
      const repeated = new Map(state.repeated);
      switch (type) {
        case 'test.Owed':
          owed.set(id, { at: toMillis(at!), pauses });
          break;
        case 'test.Moved':
          owed.set(id, { ...owed.get(id)!, at: toMillis(at!) });
          break;
        case 'test.Paid':
          owed.delete(id);
          repeated.delete(id);
          break;
        case 'test.Repeated':
          repeated.set(id, { from: toMillis(from!), every: every! });
          break;
        case 'test.Reminded': {
          const [pause, ...rest] = owed.get(id)!.pauses;
          if (pause === undefined) owed.delete(id);
          else owed.set(id, { at: owed.get(id)!.at + pause, pauses: rest });
          break;
        }
      }
      return { owed, repeated };
    },

    deadlines: {
      reminder: { afterDowntime: 'fire-late', fire: ({ key }) => [told('Reminded', { id: key! })] },
      repeat: { afterDowntime, fire: ({ key }) => [told('Again', { id: key! })] },
    },

    dues: ({ owed, repeated }, settledUntil) => [
      ...[...owed].map(([key, { at }]) => due('reminder', key, at)),
      ...[...repeated].map(([key, { from, every }]) => {
        const last = settledUntil('repeat', key);
        return due('repeat', key, last === undefined || last < from ? from : last + every);
      }),
    ],
  };
}

function due<Name extends string>(name: Name, key: string, at: EpochMillis): Due<Name> {
  return { name, key, at, clause: 'R-000 test' };
}
