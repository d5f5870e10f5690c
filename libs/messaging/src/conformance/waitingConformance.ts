import { afterEach, beforeEach, describe, expect, it } from '@rapport/platform/conformance';
import { COMMANDS } from '@rapport/contracts';
import type { Timers } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import type { RequestClient } from '../requestClient.ts';
import { commandSubject } from '../serves.ts';
import { Gate, gatedModule } from './gatedModule.ts';
import { serve, type MakeTransport, type Service, type TransportHarness } from './transportConformance.ts';

/** What may wait on a transport, and for how long. Every transport calls this from its spec. */
export function waitingConformance(name: string, makeTransport: MakeTransport): void {
  describe(name, () => {
    let transport: TransportHarness;
    let service: Service;
    let client: RequestClient;
    let gate: Gate;
    let now: number;
    let timers: { readonly ms: number; readonly fire: () => void; cancelled: boolean }[];

    const start = async (limits: { running: number; waiting: number }): Promise<void> => {
      transport = await makeTransport({
        timers: recorded(),
        monotonic: { now: () => now },
        limits,
      });
      service = await serve(transport.strategy(), gatedModule(gate));
      client = transport.client;
    };
    const recorded = (): Timers => ({
      sleep: () => Promise.reject(new Error('not used')),
      schedule: (ms, fire) => {
        const timer = { ms, fire, cancelled: false };
        timers.push(timer);
        return () => void (timer.cancelled = true);
      },
    });
    /** So much time goes by, on either side. */
    const pass = (ms: number): void => {
      now += ms;
      for (const timer of timers) if (timer.ms <= now && !timer.cancelled) timer.fire();
    };
    const hold = async (named: string, timeoutMs = 60_000): Promise<{ reply: Promise<unknown> }> => {
      const reply = client.request('hold', { name: named }, { timeoutMs });
      reply.catch(() => undefined);
      await transport.arrived();
      return { reply };
    };
    const place = (): object => transport.places()[0]!;

    beforeEach(() => {
      [gate, now, timers] = [new Gate(), 0, []];
    });
    afterEach(async () => {
      gate.open();
      await service.close();
      await transport.dispose();
    });

    it('begins nothing whose time was over before its turn', async () => {
      await start({ running: 1, waiting: 9 });
      const first = await hold('first');
      const late = await hold('late', 5_000);
      const patient = await hold('patient');
      pass(5_000);
      gate.open();
      await first.reply;
      await expect(late.reply).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 1 } });
      await gate.reached(2);
      gate.open();
      expect(await patient.reply).toBe('patient');
      expect(gate.begun).toEqual(['first', 'patient']);
      expect(place()).toMatchObject({ abandoned: 1, waiting: 0, refused: 0 });
    });

    it('refuses at once what is too much, and is free again afterwards', async () => {
      await start({ running: 2, waiting: 1 });
      const accepted = [await hold('a'), await hold('b'), await hold('c')];
      expect(place()).toMatchObject({ waiting: 1, limit: 1 });
      await expect((await hold('d')).reply).rejects.toMatchObject({
        kind: 'unavailable',
        details: { retryAfter: 1 },
      });
      gate.open();
      await gate.reached(3);
      gate.open();
      expect(await Promise.all(accepted.map(({ reply }) => reply))).toEqual(['a', 'b', 'c']);
      expect(place()).toMatchObject({ waiting: 0, refused: 1, abandoned: 0 });
      expect(await client.request('who', {})).toBe('a');
    });

    it('gives the place of what nobody waits for any more to what comes', async () => {
      await start({ running: 1, waiting: 1 });
      const first = await hold('first');
      await hold('late', 5_000);
      pass(5_000);
      const next = await hold('next');
      gate.open();
      await first.reply;
      await gate.reached(2);
      gate.open();
      expect(await next.reply).toBe('next');
      expect(gate.begun).toEqual(['first', 'next']);
      expect(place()).toMatchObject({ refused: 0, abandoned: 1 });
    });

    it('finishes what it has begun, and tells it that nobody waits any more', async () => {
      await start({ running: 1, waiting: 1 });
      const begun = await hold('begun', 5_000);
      await gate.reached(1);
      expect(gate.wanted[0]!()).toBe(true);
      pass(5_000);
      expect(gate.wanted[0]!()).toBe(false);
      await expect(begun.reply).rejects.toMatchObject({ kind: 'unavailable' });
      gate.open();
      await eventually(() => expect(gate.ended).toEqual(['begun']));
    });

    it('tells a command whether its sender still waits', async () => {
      await start({ running: 1, waiting: 1 });
      const message = { payload: {}, meta: { commandId: 'c' } };
      const reply = client.request(commandSubject(COMMANDS.closeTicket), message, { timeoutMs: 5_000 });
      reply.catch(() => undefined);
      await gate.reached(1);
      expect(gate.wanted[0]!()).toBe(true);
      pass(5_000);
      expect(gate.wanted[0]!()).toBe(false);
    });

    it('does not send for whoever has gone already', async () => {
      await start({ running: 1, waiting: 1 });
      const gone = client.request('hold', { name: 'gone' }, { wanted: () => false });
      await expect(gone).rejects.toMatchObject({ kind: 'unavailable' });
      await transport.arrived();
      expect(gate.begun).toEqual([]);
    });
  });
}
