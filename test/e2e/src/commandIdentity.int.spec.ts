import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalBytes, type Envelope, type JsonValue } from '@rapport/contracts';
import type { Ledger, RecordRequest } from '@rapport/event-sourcing';
import { TallyService, TALLY_STREAM, numbersOf } from './harness/tally.ts';
import { idOf, World } from './harness/world.ts';

describe('the identity of a command', () => {
  let world: World;
  let here: TallyService;
  let there: TallyService;
  const stored = () => world.stream(TALLY_STREAM);

  beforeEach(async () => {
    world = await World.open();
    here = new TallyService(world.runtime());
    there = new TallyService(world.runtime());
  });

  afterEach(() => world.close());

  it('a repeat has the answer that was stored, also after later commands', async () => {
    const meta = await world.meta({ commandId: idOf('a') });
    const first = await here.send({ do: 'two' }, meta);
    await here.send({ do: 'next' }, await world.meta());
    for (const replica of [here, there]) {
      const again = await replica.send({ do: 'two' }, meta);
      expect(again).toMatchObject({ repeated: true, revision: 1, position: first.position });
      expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
    }
    expect(numbersOf(await stored())).toEqual([1, 2, 3]);
  });

  it('the same id with another request is refused, on every replica', async () => {
    const meta = await world.meta({ commandId: idOf('a') });
    await here.send({ do: 'next' }, meta);
    for (const replica of [here, there]) {
      await expect(replica.send({ do: 'two' }, meta)).rejects.toMatchObject({
        kind: 'idempotency-key-reused',
      });
      await expect(replica.send({ do: 'next' }, { ...meta, ifRevision: 0 })).rejects.toMatchObject({
        kind: 'idempotency-key-reused',
      });
    }
    await expect(there.send({ do: 'two' }, meta, true)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
    });
    expect(await stored()).toHaveLength(1);
  });

  it('a rejected command is not remembered: it may succeed later', async () => {
    const meta = await world.meta({ commandId: idOf('a') });
    await expect(here.send({ do: 'next-after', count: 1 }, meta)).rejects.toMatchObject({
      kind: 'rule-violated',
    });
    await here.send({ do: 'next' }, await world.meta());
    expect(await here.send({ do: 'next-after', count: 1 }, meta)).toMatchObject({
      repeated: false,
      revision: 1,
    });
  });

  it('a command that changed nothing is not remembered', async () => {
    await here.send({ do: 'ensure', number: 7 }, await world.meta());
    const meta = await world.meta({ commandId: idOf('a') });
    expect(await here.send({ do: 'ensure', number: 7 }, meta)).toMatchObject({
      events: [],
      repeated: false,
      revision: 0,
    });
    expect(await here.send({ do: 'ensure', number: 8 }, meta)).toMatchObject({
      repeated: false,
      revision: 1,
    });
  });

  it('a create that another replica repeats is the same create', async () => {
    const meta = await world.meta({ commandId: idOf('create') });
    const first = await here.send({ do: 'next' }, meta, true);
    // Its clock has gone on, so that its bytes differ: the store conflicts, the ledger finds the command.
    world.clock.moveTo(world.clock.now() + 1_000);
    const again = await there.send({ do: 'next' }, meta, true);
    expect(again).toMatchObject({ repeated: true, revision: 0, events: [{ id: first.events[0]!.id }] });
    expect(again.state).toEqual(first.state);
    expect(await stored()).toHaveLength(1);
  });

  it('a create repeated in the same millisecond with the same bytes is stored once', async () => {
    const meta = await world.meta({ commandId: idOf('create') });
    const answers = await Promise.all(
      [here, there].map((replica) => replica.send({ do: 'next' }, meta, true)),
    );
    expect(new Set(answers.map(({ events }) => events[0]!.id)).size).toBe(1);
    expect(await stored()).toHaveLength(1);
  });

  it('a create that its stream forgot after 30 days is still found in the log', async () => {
    const meta = await world.meta({ commandId: idOf('create') });
    await here.send({ do: 'next' }, meta, true);
    world.clock.moveTo(world.clock.now() + 31 * 86_400_000);
    await here.send({ do: 'next' }, await world.meta());
    for (const replica of [here, there]) {
      expect(await replica.send({ do: 'next' }, meta, true)).toMatchObject({ repeated: true, revision: 0 });
    }
    expect(await stored()).toHaveLength(2);
  });

  it('If-Match: refused unless the record is at that revision, judged on the stored record', async () => {
    await here.send({ do: 'next' }, await world.meta());
    await there.send({ do: 'next' }, await world.meta());
    // `here` still believes in revision 0.
    await expect(here.send({ do: 'next' }, await world.meta({ ifRevision: 0 }))).rejects.toMatchObject({
      kind: 'precondition-failed',
    });
    await here.send({ do: 'next' }, await world.meta());
    expect(await there.send({ do: 'next' }, await world.meta({ ifRevision: 2 }))).toMatchObject({
      revision: 3,
    });
    await expect(here.send({ do: 'next' }, await world.meta({ ifRevision: 9 }))).rejects.toMatchObject({
      kind: 'precondition-failed',
      details: { detail: 'The record is at revision 3, not 9. Load it again.' },
    });
  });

  it('a refusal on stale state is decided again on the head', async () => {
    await here.send({ do: 'next' }, await world.meta());
    await there.send({ do: 'next' }, await world.meta());
    expect(await here.send({ do: 'next-after', count: 2 }, await world.meta())).toMatchObject({
      revision: 2,
    });
  });

  it('no effect on stale state is decided again on the head', async () => {
    await here.send({ do: 'ensure', number: 7 }, await world.meta());
    await there.send({ do: 'clear' }, await world.meta());
    expect((await here.send({ do: 'ensure', number: 7 }, await world.meta())).events).toHaveLength(1);
    expect(await here.send({ do: 'ensure', number: 7 }, await world.meta())).toMatchObject({
      events: [],
      revision: 2,
    });
  });

  it('gives up after eight conflicts in a row and says when to try again', async () => {
    let proposals = 0;
    const inner = world.ledger();
    const contrary: Ledger = {
      record: async ({ writes }: RecordRequest) => {
        proposals += 1;
        return { outcome: 'conflict', streams: [{ stream: writes[0]!.stream, actualRevision: 0 }] };
      },
      readStream: (stream, from) => inner.readStream(stream, from),
      readLast: (stream) => inner.readLast(stream),
      follow: (after, signal) => inner.follow(after, signal),
      head: () => inner.head(),
    };
    const unlucky = new TallyService(world.runtime({ ledger: contrary }));
    await expect(unlucky.send({ do: 'next' }, await world.meta())).rejects.toMatchObject({
      kind: 'revision-conflict',
      details: { retryAfter: 1 },
    });
    expect(proposals).toBe(8);
  });

  it('what the ledger rejects is refused with its problem, and not tried again', async () => {
    const meta = { ...(await world.meta()), actorAssertion: 'forged' };
    await expect(here.send({ do: 'next' }, meta)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(await stored()).toHaveLength(0);
  });

  it('an event of a version from a later release stops the fold of its stream, loudly', async () => {
    await here.send({ do: 'next' }, await world.meta());
    const [first] = await stored();
    const { id: _id, position: _position, index: _index, revision: _revision, ...envelope } = first!;
    const later: Envelope = { ...envelope, version: 2 };
    const data = canonicalBytes(later as unknown as JsonValue);
    await world.store.append([
      { stream: TALLY_STREAM, expectedRevision: 0, events: [{ id: idOf('later'), type: later.type, data }] },
    ]);
    await expect(there.send({ do: 'next' }, await world.meta())).rejects.toThrow(
      'waits at revision 1 (crm.profiles.PurchaseYearOpened version 2)',
    );
    expect(await stored()).toHaveLength(2);
  });
});
