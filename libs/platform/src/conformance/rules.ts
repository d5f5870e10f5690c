import { format } from 'node:util';
import * as jest from '@jest/globals';

type Body = () => void | Promise<void>;

/** A rule of a conformance suite, to be run outside of Jest's own tests. */
export interface Rule {
  /** Names of its groups and its own: `appending › creates a stream that must not exist`. */
  readonly name: string;
  /** What the suite does before each of its tests; all of it, as if this rule were the only one. */
  prepare(): Promise<void>;
  /** @throws whatever the rule rejects with */
  check(): Promise<void>;
  /** What the suite does afterwards. */
  dispose(): Promise<void>;
}

/** The rules of one suite while it registers them. */
class Collection {
  readonly rules: Rule[] = [];
  private groups: readonly Group[] = [];

  group(name: string, register: () => void): void {
    const outer = this.groups;
    this.groups = [...outer, { name, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] } }];
    register();
    this.groups = outer;
  }

  hook(kind: Hook, body: Body): void {
    this.groups.at(-1)!.hooks[kind].push(body);
  }

  rule(title: string, check: Body): void {
    const groups = this.groups;
    const inwards = (kind: Hook) => groups.flatMap(({ hooks }) => hooks[kind]);
    const outwards = (kind: Hook) => groups.toReversed().flatMap(({ hooks }) => hooks[kind].toReversed());
    // The first group is the suite itself: it has the name of the adapter.
    const name = [...groups.slice(1).map((group) => group.name), title].join(' › ');
    if (this.rules.some((rule) => rule.name === name)) throw new TypeError(`two rules are called ${name}`);
    this.rules.push({
      name,
      prepare: () => inTurn([...inwards('beforeAll'), ...inwards('beforeEach')]),
      check: () => inTurn([check]),
      dispose: () => inTurn([...outwards('afterEach'), ...outwards('afterAll')]),
    });
  }
}

type Hook = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

interface Group {
  readonly name: string;
  readonly hooks: Readonly<Record<Hook, Body[]>>;
}

async function inTurn(bodies: readonly Body[]): Promise<void> {
  for (const body of bodies) await body();
}

let collecting: Collection | undefined;

/**
 * The rules that a conformance suite registers: those that its adapters hand to Jest.
 *
 * @param register calls the suite
 */
export function rulesOf(register: () => void): readonly Rule[] {
  if (collecting !== undefined) throw new TypeError('rules are being collected already');
  collecting = new Collection();
  try {
    register();
    return collecting.rules;
  } finally {
    collecting = undefined;
  }
}

/** A rule for each row of a table: `%s`, `%i`, `%j` in the title is the row's next value, as in Jest. */
interface Each {
  <Row extends readonly [unknown, ...unknown[]]>(
    rows: readonly Row[],
  ): (title: string, body: (...row: Row) => void | Promise<void>) => void;
  <Item>(items: readonly Item[]): (title: string, body: (item: Item) => void | Promise<void>) => void;
}

function eachOf(one: (title: string, body: Body) => void): Each {
  return (rows: readonly unknown[]) => (title: string, body: (...row: never[]) => void | Promise<void>) => {
    for (const row of rows) {
      const values = (Array.isArray(row) ? row : [row]) as never[];
      const named = values.slice(0, title.match(/%[sdifjoO]/g)?.length ?? 0);
      one(format(title, ...named), () => body(...values));
    }
  };
}

function group(name: string, register: Body): void {
  if (collecting === undefined) jest.describe(name, register as () => void);
  else collecting.group(name, register as () => void);
}

function rule(title: string, check: Body): void {
  if (collecting === undefined) jest.it(title, check);
  else collecting.rule(title, check);
}

function skipped(title: string, check: Body): void {
  // What an engine cannot do is no rule of its suite.
  if (collecting === undefined) jest.it.skip(title, check);
}

const hook = (kind: Hook) => (body: Body) => {
  if (collecting === undefined) jest[kind](body);
  else collecting.hook(kind, body);
};

/** Jest's, for conformance suites: what is registered with these can also be run against wrong implementations. */
export const describe = Object.assign(group, { each: eachOf(group) });
export const it = Object.assign(rule, { each: eachOf(rule), skip: skipped });
export const beforeAll = hook('beforeAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export const afterAll = hook('afterAll');
export { expect } from '@jest/globals';
