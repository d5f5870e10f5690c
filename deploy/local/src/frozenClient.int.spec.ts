import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingEngines } from './engines.ts';
import { LocalDeployment } from './localDeployment.ts';

const missing = missingEngines();

const suite = missing.length === 0 ? describe : describe.skip;

suite(`NATS as it is deployed (${missing.length === 0 ? 'real' : `set ${missing.join(', ')}`})`, () => {
  let folder: string;
  let deployment: LocalDeployment;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-local-'));
    deployment = await LocalDeployment.prepare({ folder });
    await deployment.nats.start();
  });

  afterEach(async () => {
    await deployment.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives requests to a process that stands still for half a minute, no longer; one that answers stays', async () => {
    let awakeSaid = '';
    const awake = client((said) => {
      awakeSaid += said;
      return said.includes('PING') ? 'PONG\r\n' : '';
    });
    const frozen = client(() => '');
    try {
      expect(await frozen.end).toContain('Stale Connection');
      expect(awakeSaid).not.toContain('-ERR');
    } finally {
      awake.close();
      await awake.end;
    }
  });

  /** A connection of the tickets service by the protocol's own words. @param answer to what the server says */
  function client(answer: (said: string) => string): { readonly end: Promise<string>; close(): void } {
    const { natsUrl, secrets } = deployment.places;
    const pass = readFileSync(join(secrets, 'tickets.password'), 'utf8').trim();
    const socket = connect(Number(new URL(natsUrl).port), '127.0.0.1');
    socket.write(`CONNECT ${JSON.stringify({ user: 'tickets', pass, verbose: false, lang: 'test' })}\r\n`);
    let all = '';
    socket.setEncoding('utf8').on('data', (said: string) => {
      all += said;
      const reply = answer(said);
      if (reply !== '') socket.write(reply);
    });
    const end = new Promise<string>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => resolve(all));
    });
    return { end, close: () => socket.destroy() };
  }
});
