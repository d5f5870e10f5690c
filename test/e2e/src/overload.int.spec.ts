import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeEvent, profileEvents } from '@rapport/contracts';
import { Backlog } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import {
  openGateway,
  StandaloneMetrics,
  startStandalone,
  type HttpGateway,
  type Standalone,
} from '@rapport/service-standalone';
import Database from 'libsql';
import { pino } from 'pino';

const RUNNING = 8;
const WAITING = 16;
const SENT = 60;
const MAY_WAIT = 30_000;

interface Sent {
  readonly name: string;
  readonly answer: Promise<Response | undefined>;
  readonly abort: AbortController;
  answered: boolean;
}

describe('one process whose store is held up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-overload-'));
  let rapport: Standalone;
  let gateway: HttpGateway;
  let authorization: string;

  beforeAll(async () => {
    const metrics = new StandaloneMetrics(pino({ level: 'silent' }));
    rapport = await startStandalone(folder, metrics.alert, {
      limits: { running: RUNNING, waiting: WAITING },
    });
    gateway = await openGateway(rapport, 0, { metrics, backlog: new Backlog('http', { limit: 1_000 }) });
    gateway.ready();
    const signedIn = await fetch(`${gateway.url}/demo/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'manager' }),
    });
    authorization = `Bearer ${((await signedIn.json()) as { token: string }).token}`;
  });

  afterAll(async () => {
    await gateway.close();
    await rapport.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Another tool's lock on the log, which the writer waits for. */
  function holdLog(): { release(): void } {
    const other = new Database(join(folder, 'events.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    return {
      release: () => {
        other.exec('ROLLBACK');
        other.close();
      },
    };
  }

  function register(name: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${gateway.url}/api/customers`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'idempotency-key': encodeURIComponent(name),
      },
      body: JSON.stringify({ name, kind: 'company' }),
      ...(signal && { signal }),
    });
  }

  function send(name: string): Sent {
    const abort = new AbortController();
    const answer = register(name, abort.signal).catch(() => undefined);
    const sent = { name, answer, abort, answered: false };
    void answer.then(() => (sent.answered = true));
    return sent;
  }

  async function figure(metric: string, place: string): Promise<number> {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${metric}{place="${place}"`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  const PLACE = 'commands.profiles';

  /** Names of the customers in the log, as often as they stand there. */
  async function registered(): Promise<readonly string[]> {
    const { events } = await rapport.folder.events.readAll({ limit: 1_000 });
    return events
      .map((stored) => decodeEvent(stored))
      .filter(({ type }) => type === profileEvents.CustomerRegistered.type)
      .map(({ data }) => (data as { name: string }).name);
  }

  it(
    'refuses what is too much with 503 and Retry-After, leaves what nobody waits for, finishes what the ledger has, ' +
      'and loses and doubles nothing',
    async () => {
      const lock = holdLog();
      const sent = Array.from({ length: SENT }, (_, n) => send(`客户${n}`));
      await eventually(
        () => expect(sent.filter(({ answered }) => answered)).toHaveLength(SENT - RUNNING - WAITING),
        MAY_WAIT,
      );
      const refused = sent.filter(({ answered }) => answered);
      for (const { answer } of refused) {
        const response = (await answer)!;
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toBe('1');
        expect(await response.json()).toMatchObject({ type: 'urn:rapport:problem:unavailable' });
      }
      expect(await figure('rapport_waiting', PLACE)).toBe(WAITING);
      expect(await figure('rapport_waiting_limit', PLACE)).toBe(WAITING);
      expect(await figure('rapport_refused_total', PLACE)).toBe(refused.length);
      expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);

      // Whoever waits gives up: those at work are the ledger's, the others have not begun.
      const left = sent.filter(({ answered }) => !answered);
      for (const { abort } of left) abort.abort();
      await eventually(() => expect(left.every(({ answered }) => answered)).toBe(true), MAY_WAIT);
      await eventually(async () => expect(await figure('rapport_waiting', 'http')).toBe(RUNNING + WAITING));
      lock.release();
      await eventually(async () => expect(await figure('rapport_waiting', 'http')).toBe(0), MAY_WAIT);
      expect(await figure('rapport_waiting', PLACE)).toBe(0);
      const names = await registered();
      const abandoned =
        (await figure('rapport_abandoned_total', PLACE)) +
        (await figure('rapport_abandoned_total', 'streams'));
      expect(abandoned).toBeGreaterThanOrEqual(WAITING);
      expect(names.length + abandoned).toBe(left.length);
      expect(left.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));

      // All come again under their keys.
      for (const { name } of sent) {
        await eventually(async () => expect((await register(name)).status).toBe(201), MAY_WAIT);
      }
      expect([...(await registered())].sort()).toEqual(sent.map(({ name }) => name).sort());
    },
  );
});
