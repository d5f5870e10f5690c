import { afterEach, beforeEach, describe, expect, it } from '@rapport/platform/conformance';
import { MAX_MESSAGE_BYTES, type RequestClient } from '../requestClient.ts';
import { received } from './echoModule.ts';
import { serve, type MakeTransport, type Service, type TransportHarness } from './transportConformance.ts';

/** What besides holds where messages leave the process, or are treated as if they did. */
export function encodingConformance(name: string, makeTransport: MakeTransport): void {
  describe(name, () => {
    let transport: TransportHarness;
    let service: Service;
    let client: RequestClient;

    beforeEach(async () => {
      transport = await makeTransport();
      service = await serve(transport.strategy());
      client = transport.client;
    });
    afterEach(async () => {
      await service.close();
      await transport.dispose();
      received.length = 0;
    });

    it('hands over copies: nobody shares an object with another service', async () => {
      const message = { nested: { list: [1] } };
      const reply = await client.request<typeof message>('echo', message);
      expect(received[0]).toEqual(message);
      expect(received[0]).not.toBe(message);
      expect(reply.nested).not.toBe(message.nested);
      expect(reply.nested).not.toBe((received[0] as typeof message).nested);
    });

    it('leaves out undefined properties, as JSON does', async () => {
      expect(Object.keys(await client.request<object>('echo', { a: undefined, b: 1 }))).toEqual(['b']);
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
    ])(
      'refuses %s, which would arrive as something else, naming its place',
      async (_what, message, place) => {
        await expect(client.request('echo', message)).rejects.toThrow(`${place} `);
        expect(received).toEqual([]);
      },
    );

    it('refuses replies that are no plain JSON', async () => {
      await expect(client.request('reply', { what: 'map' })).rejects.toThrow();
    });

    it('refuses a message of more than 512 kB in UTF-8 before it is sent, exactly 512 kB passes', async () => {
      const overhead = Buffer.byteLength(JSON.stringify({ text: '' }));
      const text = '客'.repeat(Math.floor((MAX_MESSAGE_BYTES - overhead) / 3));
      const full = { text: text + 'x'.repeat(MAX_MESSAGE_BYTES - overhead - Buffer.byteLength(text)) };
      expect(await client.request('echo', full)).toEqual(full);
      const more = client.request('echo', { text: `${full.text}x` });
      await expect(more).rejects.toMatchObject({ kind: 'too-large' });
      expect(received).toHaveLength(1);
    });

    it('refuses a reply of more than 512 kB', async () => {
      await expect(client.request('reply', { what: 'huge' })).rejects.toMatchObject({ kind: 'too-large' });
    });
  });
}
