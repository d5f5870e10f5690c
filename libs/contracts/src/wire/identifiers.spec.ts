import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { deadlineIdOf } from '../deadlines/deadlineId.ts';
import { parkedKeyId } from '../parking/parkedKey.ts';
import {
  COMMAND_NAMESPACE,
  commandIdOfDeadline,
  commandIdOfImport,
  commandIdOfReaction,
  commandIdOfRequest,
  derivedId,
} from './commandId.ts';
import { eventId } from './eventId.ts';
import { uuid5 } from './uuid5.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));

const events = read('event-id') as {
  vectors: { commandId: string; stream: string; n: number; data: string; id: string }[];
};
const commands = read('command-id') as {
  namespace: string;
  vectors: { of: keyof typeof commandIdOf; args: never[]; name: string; id: string }[];
  derived: { commandId: string; name: string; id: string }[];
};
const commandIdOf = {
  request: commandIdOfRequest,
  import: commandIdOfImport,
  reaction: commandIdOfReaction,
  deadline: commandIdOfDeadline,
} as unknown as Record<string, (...args: never[]) => string>;

describe('UUIDv5', () => {
  it('is the one that RFC 9562 prints as its example', () => {
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('agrees with npm uuid', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: 'binary', maxLength: 80 }), (namespace, name) => {
        expect(uuid5(namespace, name)).toBe(v5(name, namespace));
      }),
    );
  });
});

describe('Event ids, contract «UUIDv5(commandId, stream, n, SHA-256 of the stored bytes)»', () => {
  it.each(events.vectors)('is $id', ({ commandId, stream, n, data, id }) => {
    expect(eventId(commandId, stream, n, Buffer.from(data, 'utf8'))).toBe(id);
    const digest = createHash('sha256').update(data, 'utf8').digest('hex');
    expect(v5(`${stream}\n${n}\n${digest}`, commandId)).toBe(id);
  });
});

describe('Ids of deadlines and of parked keys', () => {
  const { deadlines, parked } = read('deadline-id') as {
    deadlines: {
      namespace: string;
      vectors: { args: [string, string, string?]; name: string; id: string }[];
    };
    parked: { namespace: string; vectors: { args: [string, string]; name: string; id: string }[] };
  };

  it.each(deadlines.vectors)('of the deadline $args is $id', ({ args, name, id }) => {
    expect(deadlineIdOf(...args)).toBe(id);
    expect(canonicalize(args)).toBe(name);
    expect(v5(name, deadlines.namespace)).toBe(id);
  });

  it.each(parked.vectors)('of the parked key $args is $id', ({ args, name, id }) => {
    expect(parkedKeyId(...args)).toBe(id);
    expect(canonicalize(args)).toBe(name);
    expect(v5(name, parked.namespace)).toBe(id);
  });
});

describe('Command ids', () => {
  it('are made in the frozen namespace', () => {
    expect(COMMAND_NAMESPACE).toBe(commands.namespace);
  });

  it.each(commands.vectors)('of $of $args is $id', ({ of, args, name, id }) => {
    expect(commandIdOf[of]!(...args)).toBe(id);
    expect(canonicalize([of, ...args])).toBe(name);
    expect(v5(name, commands.namespace)).toBe(id);
  });

  it('of requests do not mind how the key was composed', () => {
    const id = (key: string) => commandIdOfRequest('main', 'u-1', 'POST', '/api/customers', key);
    expect(id('e\u0301')).toBe(id('\u00e9'));
  });

  it.each(commands.derived)('give what they create the id $id', ({ commandId, name, id }) => {
    expect(derivedId(commandId, name)).toBe(id);
    expect(v5(name, commandId)).toBe(id);
  });
});
