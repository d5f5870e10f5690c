import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  decodeEvent,
  profileEvents,
  ROLES,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';
import { carry, Revealer, TamperedFieldError } from '@rapport/privacy';
import { ProfilesModule } from '@rapport/service-profiles';
import { World } from './harness/world.ts';

type Data = Record<string, JsonValue>;

describe('Personal data of two contacts, contract «no value opens in another event’s or person’s place»', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.start({
      with: (runtime) => ProfilesModule.with(runtime, { opener: world.sealer }),
    });
    await world.send('registerCustomer', {
      name: '甲公司',
      kind: 'company',
      contacts: [
        { fullName: '张三', phone: '+8613800138000' },
        { fullName: '李四', phone: '+8613900139000' },
      ],
    });
  });
  afterEach(() => world.close());

  /** The contacts as stored by one registration, then changed by somebody who can write into the store. */
  async function contacts(
    change: (one: Data, other: Data) => void = () => undefined,
  ): Promise<readonly RecordedEvent[]> {
    const stored = (await world.store.readAll()).events.filter(
      ({ type }) => type === profileEvents.ContactAdded.type,
    );
    expect(stored).toHaveLength(2);
    const envelopes = stored.map(
      ({ data }) => JSON.parse(Buffer.from(data).toString('utf8')) as { data: Data },
    );
    expect(new Set(envelopes.map((envelope) => (envelope as unknown as RecordedEvent).commandId)).size).toBe(
      1,
    );
    change(envelopes[0]!.data, envelopes[1]!.data);
    return stored.map((event: StoredEvent, i) =>
      decodeEvent({ ...event, data: canonicalBytes(envelopes[i] as unknown as JsonValue) }),
    );
  }

  it('are bound to the revision at which the ledger stored them', async () => {
    const events = await contacts();
    for (const { data } of events) expect((data as Data)['fullName']).toMatchObject({ v: 2 });
    const opened = await Promise.all(events.map(async (event) => world.sealer.open(event)));
    expect(opened.map(({ data }) => (data as Data)['fullName'])).toEqual(['张三', '李四']);
    expect(opened.map(({ data }) => (data as Data)['phone'])).toEqual(['+8613800138000', '+8613900139000']);
  });

  it.each(['fullName', 'phone'])('are noticed when the stored %s of both was swapped', async (field) => {
    const swapped = await contacts((one, other) => {
      [one[field], other[field]] = [other[field]!, one[field]!];
    });
    const revealer = new Revealer(world.sealer);
    for (const event of swapped) {
      await expect(async () => world.sealer.open(event)).rejects.toThrow(TamperedFieldError);
      await expect(async () =>
        revealer.reveal(carry(event, field), [...ROLES], { tenant: world.tenant }),
      ).rejects.toThrow(TamperedFieldError);
    }
  });

  it('are noticed when the stored fields were swapped with the ids of both, as of a person elsewhere', async () => {
    const moved = await contacts((one, other) => {
      const before = { ...one };
      Object.assign(one, other);
      Object.assign(other, before);
    });
    for (const event of moved) {
      await expect(async () => world.sealer.open(event)).rejects.toThrow(TamperedFieldError);
    }
  });
});
