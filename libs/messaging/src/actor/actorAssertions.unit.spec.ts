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

  it('ends after 60 s, for those who verified it before and for those who did not', async () => {
    const { clock, actors } = at(NOW);
    const statement = await actors.assert(actor);
    await actors.verify(statement);
    clock.moveTo(NOW + 59_999);
    await expect(actors.verify(statement)).resolves.toEqual(actor);
    clock.moveTo(NOW + 60_000);
    await expect(actors.verify(statement)).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(at(NOW + 60_000).actors.verify(statement)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('is only made where the key is', async () => {
    const verifier = new ActorAssertions({ verify: keys.publicKey }, testCaches());
    await expect(verifier.assert(actor)).rejects.toThrow(TypeError);
  });
});
