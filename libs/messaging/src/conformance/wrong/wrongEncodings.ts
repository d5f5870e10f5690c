import { Problem } from '@rapport/platform';
import { assertPlainJson } from '../../inProcess/plainJson.ts';
import { MAX_MESSAGE_BYTES, type RequestClient, type RequestOptions } from '../../requestClient.ts';
import { inProcessHarness } from '../inProcessHarness.ts';
import { wrongTransport, type WrongTransport } from './wrongTransport.ts';

/** A transport that hands over what it is given, as within one service; and what a client makes of that. */
function handingOver(
  fault: string,
  through: (right: RequestClient) => RequestClient,
  ...rejectedBy: readonly string[]
): WrongTransport {
  return {
    fault,
    make: () => async (parts) => {
      const plain = await inProcessHarness(false)(parts);
      return { ...plain, client: through(plain.client) };
    },
    rejectedBy,
  };
}

const copied = <Value>(value: Value): Value =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);

const tooLarge = (): Problem => new Problem({ kind: 'too-large', detail: 'Too large.' });

/** What is larger is refused. */
function limiting(right: RequestClient, sizeOf: (text: string) => number, limit: number): RequestClient {
  const check = <Value>(value: Value): Value => {
    if (sizeOf(JSON.stringify(value) ?? '') > limit) throw tooLarge();
    return value;
  };
  return {
    request: async <Reply>(subject: string, message: object, options?: RequestOptions) =>
      check(await right.request<Reply>(subject, check(message), options)),
  };
}

/** Encodings with one fault each. Each rule of the conformance suite rejects one of them. */
export const WRONG_ENCODINGS: readonly WrongTransport[] = [
  handingOver(
    'a transport that hands over what it was given',
    (plain) => plain,
    'hands over copies: nobody shares an object with another service',
    'leaves out undefined properties, as JSON does',
    'refuses replies that are no plain JSON',
  ),
  handingOver(
    'a transport that takes whatever JSON makes of it',
    (plain) => ({
      request: async <Reply>(subject: string, message: object, options?: RequestOptions) =>
        copied(await plain.request<Reply>(subject, copied(message), options)),
    }),
    'refuses *, which would arrive as something else, naming its place',
    'refuses replies that are no plain JSON',
    'refuses a message of more than 512 kB in UTF-8 before it is sent, exactly 512 kB passes',
    'refuses a reply of more than 512 kB',
  ),
  handingOver(
    'a reply that is handed over as it is',
    (plain) => ({ request: (subject, message, options) => plain.request(subject, copied(message), options) }),
    'hands over copies: nobody shares an object with another service',
  ),
  handingOver(
    'a message that is looked at when it has arrived',
    (plain) => ({
      async request<Reply>(subject: string, message: object, options?: RequestOptions) {
        const reply = await plain.request<Reply>(subject, message, options);
        assertPlainJson(message);
        if (Buffer.byteLength(JSON.stringify(message)) > MAX_MESSAGE_BYTES) throw tooLarge();
        return reply;
      },
    }),
    'refuses *, which would arrive as something else, naming its place',
    'refuses a message of more than 512 kB in UTF-8 before it is sent, exactly 512 kB passes',
  ),
  handingOver(
    'a limit that is counted in characters',
    (plain) => limiting(plain, (text) => text.length, MAX_MESSAGE_BYTES),
    'refuses a message of more than 512 kB in UTF-8 before it is sent, exactly 512 kB passes',
  ),
  wrongTransport(
    'a limit that is one byte too low',
    (right) => limiting(right, Buffer.byteLength, MAX_MESSAGE_BYTES - 1),
    'refuses a message of more than 512 kB in UTF-8 before it is sent, exactly 512 kB passes',
  ),
  wrongTransport(
    'a reply that is cut where it is too large',
    (right) => ({
      request: <Reply>(subject: string, message: object, options?: RequestOptions) =>
        right.request<Reply>(subject, message, options).catch((problem: unknown) => {
          if (problem instanceof Problem && problem.kind === 'too-large') return {} as Reply;
          throw problem;
        }),
    }),
    'refuses a reply of more than 512 kB',
  ),
];
