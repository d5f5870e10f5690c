import { systemTimers } from '@rapport/platform';
import { Client, ExpectedViews, factsAreTheLog, LogFaults, viewDifferences } from '@rapport/test-checks';
import type { Form } from '../forms/form.ts';
import type { ServicesForm } from '../forms/servicesForm.ts';
import type { EvenLoad } from '../load/evenLoad.ts';
import type { ImportTally } from '../load/importTally.ts';
import type { Journal } from '../load/journal.ts';
import { check, type Check } from './check.ts';
import { LogOfCommands } from './logOfCommands.ts';

export { check, type Check } from './check.ts';

export interface CheckedRun {
  readonly form: Form;
  readonly journal: Journal;
  readonly imports: ImportTally;
  readonly load: EvenLoad;
  readonly restless: readonly number[];
}

/** As long as a loaded machine may take to read a page of a view. */
const TRIES = 60;
/** A minute: as long as whoever is behind may need to catch up where nothing is asked. */
const LOOKS = 12;
const BETWEEN_LOOKS_MS = 5_000;

/** What must hold once everything has come to rest. */
export async function checkForm({
  form,
  journal,
  imports,
  load,
  restless,
}: CheckedRun): Promise<readonly Check[]> {
  const [manager, auditor] = await Promise.all([
    Client.signIn(form.url, 'manager', TRIES),
    Client.signIn(form.url, 'auditor', TRIES),
  ]);
  const whole = new LogFaults();
  const views = new ExpectedViews();
  const commands = new LogOfCommands();
  for await (const page of auditor.pagesOfLog()) {
    for (const event of page) {
      whole.take(event);
      views.take(event);
      commands.take(event);
    }
  }
  return [
    check('every request was answered in the end, each command with one answer', load.faults),
    check('nobody was refused who asked for what there is', unexpected(load.counts.refused)),
    check(`the log of ${whole.count} events is dense, and no event stands twice`, whole.all),
    ...(await commands.checks(journal, imports)),
    await attempted('the views equal an independent fold of the log', () => lasting(manager, views)),
    ...('deployment' in form
      ? [await attempted('the facts equal the log', () => facts(form as ServicesForm, whole.count))]
      : []),
    check(
      'every queue was empty whenever nothing was asked',
      restless.map((at) => `not at minute ${at.toFixed(1)}`),
    ),
  ];
}

/** Views that are behind are not wrong yet: what differs is looked at again. @returns what stays different */
async function lasting(manager: Client, expected: ExpectedViews): Promise<readonly string[]> {
  for (let looks = 1; ; looks += 1) {
    const differences = await viewDifferences(manager, expected);
    if (differences.length === 0 || looks === LOOKS) return differences;
    await systemTimers.sleep(BETWEEN_LOOKS_MS);
  }
}

/** A check that could not be made is a fault of it, and keeps nobody from reading the others. */
async function attempted(name: string, find: () => Promise<readonly string[]>): Promise<Check> {
  try {
    return check(name, await find());
  } catch (error) {
    return check(name, [`could not be checked: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** A view may not have yet what was just recorded; whoever was erased is written about no more. */
const EXPECTED = /^404 (customers|tickets)\.|^409 .*: R-100$/;

function unexpected(refused: ReadonlyMap<string, number>): readonly string[] {
  return [...refused]
    .filter(([what]) => !EXPECTED.test(what))
    .map(([what, times]) => `${what}, ${times} times`);
}

async function facts({ deployment }: ServicesForm, events: number): Promise<readonly string[]> {
  const count = await factsAreTheLog(deployment);
  return count === events ? [] : [`${count} facts, ${events} events`];
}
