import { describe, expect, it } from '@jest/globals';
import {
  MongoBulkWriteError,
  MongoExpiredSessionError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerError,
} from 'mongodb';
import type { BulkWriteResult } from 'mongodb';
import { viewStoreError } from './mongoViewErrors.ts';

const WHERE = 'MongoDB at 10.0.0.1:27017, database rapport-views';

function said(code: number, codeName: string): MongoServerError {
  const message = 'E11000 dup key: { body.name: "李雷" }';
  return new MongoServerError({ message, errmsg: message, code, codeName, keyValue: { name: '李雷' } });
}

/** As Node says that a connection broke. */
function broken(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: -1 });
}

/** As the driver makes it of a connection that breaks under a bulk. */
function cutOff(met: Error): MongoBulkWriteError {
  return new MongoBulkWriteError(met as never, {} as BulkWriteResult);
}

describe('errors of the MongoDB views', () => {
  it.each([
    ['unavailable', said(50, 'MaxTimeMSExpired')],
    ['unavailable', said(10_107, 'NotWritablePrimary')],
    ['unavailable', new MongoNetworkError('connection 1 to 10.0.0.1:27017 closed')],
    ['unavailable', cutOff(new MongoNetworkError('connection 1 to 10.0.0.1:27017 closed'))],
    ['unavailable', broken('ECONNRESET', 'read')],
    ['unavailable', cutOff(broken('EPIPE', 'write'))],
    ['full', said(14_031, 'OutOfDiskSpace')],
    ['unexpected', said(1, 'InternalError')],
    ['unexpected', said(98_765, 'OfANewerServer')],
    ['unexpected', new MongoServerError({ message: '李雷' })],
    ['invalid', new MongoInvalidArgumentError('李雷')],
    ['invalid', said(18, 'AuthenticationFailed')],
    ['invalid', said(2, 'BadValue')],
    ['unexpected', new MongoExpiredSessionError('李雷')],
    ['unexpected', new TypeError('李雷 is not a function')],
  ])('are %s, name the place, and hold nothing that a document may hold', (failure, error) => {
    const told = viewStoreError(error, WHERE);
    expect(told).toMatchObject({ name: 'ViewStoreError', failure });
    expect(told.message).toContain(WHERE);
    expect(told.message).not.toContain('李雷');
    expect(told.cause).toBeUndefined();
  });
});
