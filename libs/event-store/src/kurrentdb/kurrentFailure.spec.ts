import { describe, expect, it } from '@jest/globals';
import {
  AccessDeniedError,
  DeadlineExceededError,
  StreamDeletedError,
  UnsupportedError,
} from '@kurrent/kurrentdb-client';
import { StoreError } from '../eventStore.ts';
import { isConnectionLost, isRefusal, storeErrorOf } from './kurrentFailure.ts';

const raw = (code: number) => Object.assign(new Error('14 UNAVAILABLE: stream ticket-1 of Ada'), { code });

describe('an error of the client', () => {
  it.each([
    ['a raw error of a server that is down', raw(14), 'unavailable', true, false],
    ['one that nobody knows', 'what', 'unavailable', true, false],
    ['a time-out of the server', new DeadlineExceededError(), 'unavailable', false, false],
    ['denied access', new AccessDeniedError(), 'unavailable', false, true],
    ['denied access, as the newer protocol says it', raw(7), 'unavailable', false, true],
    ['an old server', new UnsupportedError('appendRecords', '26.1'), 'unavailable', false, true],
    ['a malformed request', raw(3), 'invalid', false, false],
    ['a deleted stream', StreamDeletedError.fromStreamName('ticket-1'), 'damaged', true, false],
    ['one of ours', new StoreError('closed', 'closed'), 'closed', false, false],
  ])('%s', (_, error, failure, connectionLost, refusal) => {
    expect(storeErrorOf(error)).toMatchObject({ name: 'StoreError', failure });
    expect(storeErrorOf(error).message).not.toContain('Ada');
    expect(isConnectionLost(error)).toBe(connectionLost);
    expect(isRefusal(error)).toBe(refusal);
  });
});
