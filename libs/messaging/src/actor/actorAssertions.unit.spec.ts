import { describe, expect, it } from '@jest/globals';
import { AdjustableClock, systemClock } from '@rapport/platform';
import { generateKeyPair } from 'jose';
import { testCaches } from '@rapport/platform/testing';
import { ActorAssertions } from './actorAssertions.ts';

const keys = await generateKeyPair('EdDSA');
const actor = { id: 'actor-1', roles: ['manager', 'team-lead'] };
const NOW = Date.parse('2026-03-10T02:00:00.000Z');

function at(now: number) {
  const clock = new AdjustableClock(systemClock);
  clock.moveTo(now);
  return {
    clock,
    actors: new ActorAssertions({ sign: keys.privateKey, verify: keys.publicKey }, testCaches(), clock),
  };
}

describe('a statement about who acts', () => {
  it('says who, with which roles', async () => {
    const { actors } = at(NOW);
    expect(await actors.verify(await actors.assert(actor))).toEqual(actor);
  });

  it('is signed once for 30 s, then anew, so that it outlives the command that carries it', async () => {
    const { clock, actors } = at(NOW);
    const first = await actors.assert(actor);
    clock.moveTo(NOW + 29_999);
    expect(await actors.assert(actor)).toBe(first);
    clock.moveTo(NOW + 30_000);
    expect(await actors.assert(actor)).not.toBe(first);
  });

  it('differs by roles: nobody keeps a role that was taken away', async () => {
    const { actors } = at(NOW);
    const before = await actors.assert(actor);
    const after = await actors.assert({ ...actor, roles: ['team-lead'] });
    expect(after).not.toBe(before);
    expect((await actors.verify(after)).roles).toEqual(['team-lead']);
  });

  it('is taken for 60 s, and 15 minutes more by a clock that is ahead, whoever verified it before', async () => {
    const { clock, actors } = at(NOW);
    const statement = await actors.assert(actor);
    await actors.verify(statement);
    clock.moveTo(NOW + 60_000 + 15 * 60_000 - 1);
    await expect(actors.verify(statement)).resolves.toEqual(actor);
    clock.moveTo(NOW + 60_000 + 15 * 60_000);
    // Its user is who he was: what went wrong is not his to mend.
    const over = { kind: 'unavailable' };
    await expect(actors.verify(statement)).rejects.toMatchObject(over);
    await expect(at(NOW + 60_000 + 15 * 60_000).actors.verify(statement)).rejects.toMatchObject(over);
  });

  it('lives no longer where the clock is stepped back', async () => {
    const { clock, actors } = at(NOW);
    const first = await actors.assert(actor);
    clock.moveTo(NOW - 86_400_000);
    expect(await actors.assert(actor)).not.toBe(first);
  });

  it('of another installation is nobody’s', async () => {
    const other = await generateKeyPair('EdDSA');
    const forged = new ActorAssertions({ sign: other.privateKey }, testCaches());
    await expect(at(NOW).actors.verify(await forged.assert(actor))).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('is only made where the key is', async () => {
    const verifier = new ActorAssertions({ verify: keys.publicKey }, testCaches());
    await expect(verifier.assert(actor)).rejects.toThrow(TypeError);
  });
});
