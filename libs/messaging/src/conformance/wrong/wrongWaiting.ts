import type { RequestClient, RequestOptions } from '../../requestClient.ts';
import { wrongTransport, type WrongTransport } from './wrongTransport.ts';

/** A client that sends with other options than it is given. */
function sendingWith(
  right: RequestClient,
  change: (options: RequestOptions) => RequestOptions,
): RequestClient {
  return { request: (subject, message, options = {}) => right.request(subject, message, change(options)) };
}

const HOURS = 3_600_000;

/** Transports on which what waits is handled wrongly. Each rule of the waiting conformance rejects one of them. */
export const WRONG_WAITING: readonly WrongTransport[] = [
  {
    ...wrongTransport(
      'a deadline that does not travel to where requests wait',
      (right) => sendingWith(right, (options) => ({ ...options, timeoutMs: HOURS })),
      'begins nothing whose time was over before its turn',
      'gives the place of what nobody waits for any more to what comes',
      'finishes what it has begun, and tells it that nobody waits any more',
      'tells a command whether its sender still waits',
    ),
    neverEnds: true,
  },
  {
    fault: 'a queue without an end',
    make: (right) => (parts) => right({ ...parts, limits: { running: 2, waiting: Infinity } }),
    rejectedBy: ['refuses at once what is too much, and is free again afterwards'],
  },
  {
    fault: 'a door that is closed once somebody waits',
    make: (right) => (parts) => right({ ...parts, limits: { running: 1, waiting: 0 } }),
    rejectedBy: [
      'refuses at once what is too much, and is free again afterwards',
      'begins nothing whose time was over before its turn',
    ],
    neverEnds: true,
  },
  {
    ...wrongTransport(
      'a message that is sent for whoever has gone',
      (right) => sendingWith(right, ({ wanted: _wanted, ...options }) => options),
      'does not send for whoever has gone already',
    ),
    neverEnds: true,
  },
];
