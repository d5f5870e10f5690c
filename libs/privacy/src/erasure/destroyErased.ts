import { profileEvents, type DataOf, type Envelope } from '@rapport/contracts';
import type { KeyOwner } from '../keys/keyOwner.ts';
import type { KeyStore } from '../keys/keyStore.ts';

/** Destructions asked for at once: they share a commit. */
const AT_ONCE = 256;

/**
 * Destroys the keys of everybody whom the log calls erased. Repeatable: it is run over the log's `PersonErased`
 * events at every start of the key store, so that a restored backup erases again (contract.md), and for each
 * new one. Finance keys stay: figures are kept when a person is erased. Other events are passed over.
 *
 * @returns how many persons
 * @throws KeyStoreError when a key may still exist: run it again before anything is opened
 */
export async function destroyErased(
  events: AsyncIterable<Envelope<unknown>> | Iterable<Envelope<unknown>>,
  keys: Pick<KeyStore, 'destroy'>,
): Promise<number> {
  let persons = 0;
  let underway: Promise<void>[] = [];
  for await (const event of events) {
    if (event.type !== profileEvents.PersonErased.type) continue;
    persons++;
    const data = event.data as DataOf<typeof profileEvents.PersonErased>;
    for (const owner of ownersErased(data)) underway.push(keys.destroy(owner, event.tenant));
    if (underway.length >= AT_ONCE) {
      await settle(underway);
      underway = [];
    }
  }
  await settle(underway);
  return persons;
}

/** Waits for all of them before it fails, so that no destruction is left running unwatched. */
async function settle(underway: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(underway)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function ownersErased(data: DataOf<typeof profileEvents.PersonErased>): readonly KeyOwner[] {
  const person: KeyOwner = { kind: 'person', id: data.personId };
  return data.isCustomer ? [person, { kind: 'customer', id: data.customerId }] : [person];
}
