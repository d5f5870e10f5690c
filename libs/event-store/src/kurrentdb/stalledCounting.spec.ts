import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { AllStreamResolvedEvent } from '@kurrent/kurrentdb-client';
import { systemTimers } from '@rapport/platform';
import { eventually, Watched } from '@rapport/platform/testing';
import { uuid } from '../conformance/fixtures.ts';
import { CountedLog } from './countedLog.ts';
import type { KurrentConnection } from './kurrentConnection.ts';
import { LogFollower } from './logFollower.ts';

const STANDS_STILL = 'follower stands still: counting log';
const GOES_ON = 'follower goes on: counting log';

function stored(n: number): AllStreamResolvedEvent {
  const at = BigInt(10 + n * 7);
  const event = {
    streamId: `ticket-${n}`,
    id: uuid(),
    type: 'crm.T',
    isJson: false,
    data: new Uint8Array(1),
    revision: 0n,
    position: { commit: at, prepare: at },
  };
  return { event } as unknown as AllStreamResolvedEvent;
}

describe('no silent stall: a stalled counting', () => {
  it('whose subscription falls silent is told within a minute, and told when it goes on', async () => {
    const events = [stored(0)];
    const subscriptions: (EventEmitter & { unsubscribe(): Promise<void> })[] = [];
    const connection = {
      readAll: async () => [...events],
      client: {
        subscribeToAll: () => {
          const subscription = Object.assign(new EventEmitter(), { unsubscribe: async () => undefined });
          subscriptions.push(subscription);
          return subscription;
        },
      },
    } as unknown as KurrentConnection;
    const log = new CountedLog({ bytes: 0, limit: Infinity });
    const follower = new LogFollower(log, connection, systemTimers, () => undefined);
    const watched = new Watched();
    const head = () => Number(events.at(-1)!.event!.position.commit);
    const progress = () => follower.progress(head());
    watched.followers.register({ kind: 'counting', name: 'log', progress });
    follower.start();
    await eventually(() => expect(subscriptions).toHaveLength(1));
    await watched.aMinute();
    expect(watched.told).toEqual([]);
    events.push(stored(1));
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    subscriptions[0]!.emit('data', events[1]);
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
    await watched.followers.stop();
    await follower.stop();
  });
});
