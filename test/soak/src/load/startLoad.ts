import { join } from 'node:path';
import { ROLES } from '@rapport/contracts';
import type { Form } from '../forms/form.ts';
import { CustomerBase } from '../mix/customerBase.ts';
import { NextRequest } from '../mix/nextRequest.ts';
import { Seeded } from '../mix/seeded.ts';
import { EvenLoad, type LoadParts } from './evenLoad.ts';
import { HttpSender } from './httpSender.ts';
import { ImportTally } from './importTally.ts';
import { Journal } from './journal.ts';
import { Latencies } from './latencies.ts';

const CONNECTIONS = 128;
/** Customers that are worked on at a time. */
const KNOWN_CUSTOMERS = 3_000;

/** The users of a form, signed in, with nothing sent yet. @param folder for the journal of commands */
export async function startLoad(
  form: Form,
  seed: number,
  folder: string,
): Promise<LoadParts & { readonly load: EvenLoad }> {
  const base = new CustomerBase(new Seeded(seed), KNOWN_CUSTOMERS);
  const sender = new HttpSender(form.url, CONNECTIONS);
  await sender.signIn(ROLES);
  const parts: LoadParts = {
    base,
    sender,
    next: new NextRequest(base, new Seeded(seed + 1), `soak-${form.name}-${seed}`),
    random: new Seeded(seed + 2),
    journal: new Journal(join(folder, 'commands.ndjson')),
    imports: new ImportTally(),
    latencies: new Latencies(),
  };
  return { ...parts, load: new EvenLoad(parts) };
}
