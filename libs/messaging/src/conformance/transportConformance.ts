import { afterEach, beforeEach, describe, expect, it } from '@rapport/platform/conformance';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Problem, type MonotonicClock, type Timers, type WaitingPlace } from '@rapport/platform';
import { querySubject } from '../serves.ts';
import { Unanswered, type RequestClient } from '../requestClient.ts';
import type { AdmissionLimits } from '../serving/admission.ts';
import { EchoModule, PROBLEM, received } from './echoModule.ts';

/** A transport for one test. */
export interface TransportHarness {
  readonly client: RequestClient;
  /** Nest's side of it, for one more service, which closes without waiting long for what never ends. */
  strategy(): CustomTransportStrategy;
  /** Resolves when what was sent has reached the service. */
  arrived(): Promise<void>;
  /** Where requests wait, the first of them those that are at work otherwise. */
  places(): readonly WaitingPlace[];
  dispose(): Promise<void>;
}

export interface TransportParts {
  /** The client's. */
  readonly timers?: Timers;
  /** The service's. */
  readonly monotonic?: MonotonicClock;
  readonly limits?: AdmissionLimits;
}

export type MakeTransport = (parts?: TransportParts) => Promise<TransportHarness>;

export interface Service {
  close(): Promise<void>;
}

/** Starts a service on a transport's strategy. */
export async function serve(strategy: CustomTransportStrategy, module: Type = EchoModule): Promise<Service> {
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  return app;
}

/** What services can rely on whatever carries their messages. Every transport calls this from its spec. */
export function transportConformance(name: string, makeTransport: MakeTransport): void {
  describe(name, () => {
    let transport: TransportHarness;
    let service: Service;
    let client: RequestClient;

    const start = async (timers?: Timers): Promise<void> => {
      transport = await makeTransport({ ...(timers && { timers }) });
      service = await serve(transport.strategy());
      client = transport.client;
    };
    beforeEach(() => start());
    afterEach(stop);
    async function stop(): Promise<void> {
      await service.close();
      await transport.dispose();
      received.length = 0;
    }

    it('carries a message to its handler and the reply back', async () => {
      const message = { text: '客情 "\\\n\u0000', list: [1, null, true, { a: {} }, -1.5] };
      expect(await client.request('echo', message)).toEqual(message);
    });

    it('keeps many requests at once apart', async () => {
      const numbers = Array.from({ length: 200 }, (_, n) => n);
      expect(await Promise.all(numbers.map((n) => client.request('echo', { n })))).toEqual(
        numbers.map((n) => ({ n })),
      );
    });

    it('carries replies that are observables, and empty ones', async () => {
      expect(await client.request('reply', { what: 'observable' })).toEqual({ from: 'an observable' });
      expect(await client.request('reply', { what: 'emptyObservable' })).toBeUndefined();
      expect(await client.request('reply', { what: 'nothing' })).toBeUndefined();
    });

    it('carries problems with kind, errors, rule and retryAfter', async () => {
      const problem = await client.request('reply', { what: 'problem' }).catch((thrown: unknown) => thrown);
      expect(problem).toBeInstanceOf(Problem);
      expect(problem).not.toBeInstanceOf(Unanswered);
      expect((problem as Problem).details).toEqual(PROBLEM);
      await expect(client.request('reply', { what: 'rejected' })).rejects.toMatchObject({
        status: 409,
        details: { rule: 'R-074' },
      });
    });

    it('says of a defect no more than that it happened', async () => {
      await expect(client.request('reply', { what: 'defect' })).rejects.toMatchObject({
        kind: 'internal',
        message: expect.not.stringContaining('13812345678'),
      });
    });

    it('lets no query reach its handler that is none, and names the field', async () => {
      const query = { parameters: {}, actor: { id: 'a', roles: ['manager'] }, after: 'p' };
      expect(await client.request(querySubject('echo'), query)).toEqual(query);
      for (const [field, wrong] of [
        ['parameters', {}],
        ['parameters', { parameters: [] }],
        ['actor', { ...query, actor: 'manager' }],
        ['actor', { ...query, actor: { id: 'a', roles: 'manager' } }],
        ['actor', { ...query, actor: { id: 'a', roles: [1] } }],
        ['after', { ...query, after: 7 }],
      ] as const) {
        await expect(client.request(querySubject('echo'), wrong)).rejects.toMatchObject({
          kind: 'invalid-input',
          details: { errors: [{ field }] },
        });
      }
    });

    it('tells the handler the correlation id and the trace that the caller gives', async () => {
      const circumstances = {
        correlationId: 'c-1',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      };
      expect(await client.request('circumstances', {}, circumstances)).toEqual(circumstances);
      expect(await client.request('circumstances', {})).toEqual({});
    });

    it('says at once that nobody serves it, or that the service has stopped', async () => {
      const nobody = client.request('unknown', {});
      await expect(nobody).rejects.toBeInstanceOf(Unanswered);
      await expect(nobody).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 1 } });
      await service.close();
      await expect(client.request('echo', {})).rejects.toBeInstanceOf(Unanswered);
    });

    it('says that it is unanswered when the reply is late, after the time that the caller gives', async () => {
      await stop();
      const scheduled: { ms: number; fire: () => void; cancelled: boolean }[] = [];
      await start({
        sleep: () => Promise.reject(new Error('not used')),
        schedule: (ms, fire) => {
          const timer = { ms, fire, cancelled: false };
          scheduled.push(timer);
          return () => void (timer.cancelled = true);
        },
      });
      const late = client.request('never', {}, { timeoutMs: 250 });
      expect(scheduled[0]!.ms).toBe(250);
      scheduled[0]!.fire();
      await expect(late).rejects.toBeInstanceOf(Unanswered);
      await client.request('echo', {});
      expect(scheduled[1]).toMatchObject({ ms: 10_000, cancelled: true });
    });
  });
}
