import { afterEach, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@rapport/platform/testing';
import { Client, createdId } from '@rapport/test-checks';
import { MAY_MOUNT, smallDisk } from './harness/fileSystems.ts';
import { RapportProcess } from './harness/rapportProcess.ts';
import { work, type Sent } from './harness/serviceDesk.ts';

const onDisk = MAY_MOUNT ? it : it.skip;

describe('a disk that becomes full', () => {
  afterEach(() => RapportProcess.endAll());

  onDisk('answers 503 and loses nothing that it answered; room heals it, without a restart', async () => {
    const disk = smallDisk(12)!;
    try {
      const data = join(disk.folder, 'data');
      const ballast = join(disk.folder, 'ballast');
      const rapport = await RapportProcess.ready(data);
      const manager = await Client.signIn(rapport.url, 'manager');
      const auditor = await Client.signIn(rapport.url, 'auditor');
      const sent: Sent[] = [];
      const working = work(manager, 'filling', 8, sent);
      await until('the first answers', () => (answered(sent) > 40 ? true : undefined));
      expect(() => writeFileSync(ballast, Buffer.alloc(16 * 1024 * 1024))).toThrow(/ENOSPC/);
      const refused = await working;

      expect(refused.length).toBeGreaterThan(0);
      for (const { status, body } of refused) {
        expect({ status, ...body }).toMatchObject({
          status: 503,
          title: expect.any(String),
          detail: expect.any(String),
        });
        expect(String(body['detail'])).not.toMatch(/SQLITE|Error:/);
      }
      // What is there can still be read.
      expect((await auditor.get('/health/live')).status).toBe(200);
      const full = (await auditor.log()).length;
      expect(full).toBeGreaterThan(40);

      rmSync(ballast);
      const customer = { name: '房间又有了', kind: 'company' };
      const healed = await until('a command that is accepted', async () => {
        const reply = await manager.post('/api/customers', customer, 'room-again');
        return reply.status === 201 ? reply : undefined;
      });
      // Whoever was refused sends it again; whoever was answered gets the same answer.
      for (const { path, body, key, answer } of sent) {
        const again = await manager.post(path, body, key);
        expect(again.status).toBe(201);
        if (answer !== undefined) expect(again.body['id']).toBe(answer.body['id']);
      }
      const seen = await until('views that go on', async () => {
        const reply = await manager.get(`/api/customers?after=${String(healed.body['position'])}&limit=1`);
        return reply.stale ? undefined : reply;
      });
      expect(seen.status).toBe(200);
      const log = await auditor.log();
      expect(log.map(({ index }) => index)).toEqual(log.map((_, n) => n));
      const ids = [
        ...sent.flatMap(({ answer }) => (answer === undefined ? [] : [answer.body['id']])),
        healed.body['id'],
      ];
      const created = new Set(log.map(createdId));
      expect(ids.filter((id) => !created.has(id))).toEqual([]);

      expect((await rapport.interrupt()).code).toBe(0);
      const restarted = await RapportProcess.ready(data);
      expect(await (await Client.signIn(restarted.url, 'auditor')).log()).toEqual(log);
    } finally {
      await RapportProcess.endAll();
      disk.remove();
    }
  });
});

function answered(sent: readonly Sent[]): number {
  return sent.filter(({ answer }) => answer !== undefined).length;
}
