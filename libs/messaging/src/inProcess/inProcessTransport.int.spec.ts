import { Controller, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { invalidInput, Problem, ruleViolated, type Timers } from '@rapport/platform';
import { EMPTY, of } from 'rxjs';
import { ProblemFilter } from '../problemFilter.ts';
import { MAX_MESSAGE_BYTES } from '../requestClient.ts';
import { InProcessTransport, type InProcessOptions } from './inProcessTransport.ts';

const seen: unknown[] = [];

@Controller()
@UseFilters(ProblemFilter)
class Echo {
  @MessagePattern('echo')
  echo(message: object): object {
    seen.push(message);
    return message;
  }

  @MessagePattern('reply')
  reply({ what }: { what: keyof typeof REPLIES }): unknown {
    return REPLIES[what]();
  }

  @MessagePattern('never')
  never(): Promise<never> {
    return new Promise(() => undefined);
  }
}

const REPLIES = {
  nothing: () => undefined,
  observable: () => of({ from: 'an observable' }),
  emptyObservable: () => EMPTY,
  map: () => new Map(),
  huge: () => ({ text: 'x'.repeat(MAX_MESSAGE_BYTES) }),
  problem: () => {
    throw new Problem({
      kind: 'invalid-input',
      detail: 'The field is not acceptable.',
      errors: [{ field: 'contacts[0].phone', message: 'must be a phone number' }],
      rule: 'R-007',
      retryAfter: 3,
    });
  },
  rejected: () => Promise.reject(ruleViolated('R-074', 'No close without a return visit.')),
  defect: () => {
    throw new TypeError('secret 13812345678');
  },
};

@Module({ controllers: [Echo] })
class EchoModule {}

const services: { close(): Promise<void> }[] = [];

async function serve(transport: InProcessTransport, module = EchoModule) {
  const app = await NestFactory.createMicroservice(module, { strategy: transport.server(), logger: false });
  services.push(app);
  await app.listen();
  return app;
}

async function transportWith(options: InProcessOptions): Promise<InProcessTransport> {
  const transport = new InProcessTransport(options);
  await serve(transport);
  return transport;
}

afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
  seen.length = 0;
});

describe.each([
  ['as it is', false],
  ['encoding', true],
])('the in-process transport, %s', (_name, encode) => {
  it('carries a message to its handler and the reply back', async () => {
    const transport = await transportWith({ encode });
    expect(await transport.request('echo', { text: '客情', list: [1, null, true] })).toEqual({
      text: '客情',
      list: [1, null, true],
    });
  });

  it('carries replies that are observables, and empty ones', async () => {
    const transport = await transportWith({ encode });
    expect(await transport.request('reply', { what: 'observable' })).toEqual({ from: 'an observable' });
    expect(await transport.request('reply', { what: 'emptyObservable' })).toBeUndefined();
    expect(await transport.request('reply', { what: 'nothing' })).toBeUndefined();
  });

  it('carries problems with kind, errors, rule and retryAfter', async () => {
    const transport = await transportWith({ encode });
    const problem = await transport.request('reply', { what: 'problem' }).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).details).toEqual({
      kind: 'invalid-input',
      detail: 'The field is not acceptable.',
      errors: [{ field: 'contacts[0].phone', message: 'must be a phone number' }],
      rule: 'R-007',
      retryAfter: 3,
    });
    await expect(transport.request('reply', { what: 'rejected' })).rejects.toMatchObject({
      details: { rule: 'R-074' },
    });
  });

  it('says of a defect no more than that it happened', async () => {
    const transport = await transportWith({ encode });
    await expect(transport.request('reply', { what: 'defect' })).rejects.toMatchObject({
      kind: 'internal',
      message: expect.not.stringContaining('13812345678'),
    });
  });

  it('answers unavailable for what nobody serves, and for a service that has stopped', async () => {
    const transport = await transportWith({ encode });
    await expect(transport.request('unknown', {})).rejects.toMatchObject({ kind: 'unavailable' });
    await services.pop()!.close();
    await expect(transport.request('echo', {})).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('answers unavailable when the reply is late, after the time that the caller gives', async () => {
    const scheduled: { ms: number; fire: () => void; cancelled: boolean }[] = [];
    const timers: Timers = {
      sleep: () => Promise.reject(new Error('not used')),
      schedule: (ms, fire) => {
        const timer = { ms, fire, cancelled: false };
        scheduled.push(timer);
        return () => void (timer.cancelled = true);
      },
    };
    const transport = await transportWith({ encode, timers });
    const late = transport.request('never', {}, { timeoutMs: 250 });
    expect(scheduled[0]!.ms).toBe(250);
    scheduled[0]!.fire();
    await expect(late).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 1 } });
    await transport.request('echo', {});
    expect(scheduled[1]).toMatchObject({ ms: 10_000, cancelled: true });
  });

  it('refuses a second server of one subject, and the first one goes on', async () => {
    const transport = await transportWith({ encode });
    await expect(serve(transport)).rejects.toThrow('two handlers for echo');
    await services.pop()!.close();
    expect(await transport.request('echo', { still: 'here' })).toEqual({ still: 'here' });
  });
});

describe('the encoding transport', () => {
  it('hands over copies: nobody shares an object with another service', async () => {
    const transport = await transportWith({ encode: true });
    const message = { nested: { list: [1] } };
    const reply = await transport.request<typeof message>('echo', message);
    expect(seen[0]).toEqual(message);
    expect(seen[0]).not.toBe(message);
    expect(reply.nested).not.toBe(message.nested);
    expect(reply.nested).not.toBe((seen[0] as typeof message).nested);
  });

  it('leaves out undefined properties, as JSON does', async () => {
    const transport = await transportWith({ encode: true });
    expect(Object.keys(await transport.request<object>('echo', { a: undefined, b: 1 }))).toEqual(['b']);
  });

  it.each([
    ['a date', { at: new Date(0) }, '/at'],
    ['a map', { nested: { map: new Map() } }, '/nested/map'],
    ['bytes', { bytes: new Uint8Array(2) }, '/bytes'],
    ['a bigint', { list: [1, 2n] }, '/list/1'],
    ['a function', { run: () => 1 }, '/run'],
    ['not a number', { amount: Number.NaN }, '/amount'],
    ['an undefined item', { list: [undefined] }, '/list/0'],
    ['a promise', { later: Promise.resolve(1) }, '/later'],
  ])('refuses %s, which would arrive as something else, naming its place', async (_what, message, place) => {
    const transport = await transportWith({ encode: true });
    await expect(transport.request('echo', message)).rejects.toThrow(`${place} `);
    expect(seen).toEqual([]);
  });

  it('refuses replies that are no plain JSON', async () => {
    const transport = await transportWith({ encode: true });
    await expect(transport.request('reply', { what: 'map' })).rejects.toThrow(TypeError);
  });

  it('refuses a message of more than 512 kB in UTF-8, exactly 512 kB passes', async () => {
    const transport = await transportWith({ encode: true });
    const overhead = Buffer.byteLength(JSON.stringify({ text: '' }));
    const text = '客'.repeat(Math.floor((MAX_MESSAGE_BYTES - overhead) / 3));
    const full = { text: text + 'x'.repeat(MAX_MESSAGE_BYTES - overhead - Buffer.byteLength(text)) };
    expect(await transport.request('echo', full)).toEqual(full);
    await expect(transport.request('echo', { text: `${full.text}x` })).rejects.toMatchObject({
      kind: 'too-large',
    });
  });

  it('refuses a reply of more than 512 kB', async () => {
    const transport = await transportWith({ encode: true });
    await expect(transport.request('reply', { what: 'huge' })).rejects.toMatchObject({ kind: 'too-large' });
  });
});

describe('a problem for the wire', () => {
  it('is what Problem holds, and nothing else', async () => {
    const transport = await transportWith({ encode: true });
    const before = invalidInput('f', 'm').details;
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
    await expect(transport.request('reply', { what: 'rejected' })).rejects.toMatchObject({ status: 409 });
  });
});
