import { parseArgs } from 'node:util';

export const SECTIONS = [
  'commands',
  'peers',
  'latency',
  'rebuild',
  'summaries',
  'history',
  'start',
  'deadlines',
  'relay',
  'mongodb',
  'distributed',
] as const;

export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  readonly sections: readonly Section[];
  /** Length of one timed round in seconds. */
  readonly seconds: number;
  /** Rounds per arm and number of connections; medians are taken over them. */
  readonly rounds: number;
  /** Events of the largest store that is rebuilt and started from. */
  readonly events: number;
}

/** Reads the command line. @throws Error that names the option and says what it takes */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '3' },
      events: { type: 'string', default: '1000000' },
    },
  });
  return {
    sections:
      values.only === undefined ? SECTIONS : values.only.flatMap((list) => list.split(',')).map(section),
    seconds: positive('--seconds', values.seconds),
    rounds: positive('--rounds', values.rounds),
    events: positive('--events', values.events),
  };
}

function section(name: string): Section {
  const known = SECTIONS.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`--only takes ${SECTIONS.join(', ')}`);
  return known;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} takes a whole number from 1 on`);
  return value;
}
