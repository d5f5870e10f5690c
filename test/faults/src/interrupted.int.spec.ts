import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@rapport/platform/testing';
import { Client } from '@rapport/test-checks';
import { RapportProcess, removeFolder, temporaryFolder } from './harness/rapportProcess.ts';
import { work, type Sent } from './harness/serviceDesk.ts';

describe('Ctrl-C', () => {
  const directory = temporaryFolder();
  afterEach(() => RapportProcess.endAll());
  afterAll(() => removeFolder(directory));

  it('under load stops cleanly within seconds; the next start finds everything that was answered', async () => {
    const rapport = await RapportProcess.ready(directory);
    expect(existsSync(join(directory, 'server.json'))).toBe(true);
    const sent: Sent[] = [];
    const working = work(await Client.signIn(rapport.url, 'manager'), 'load', 8, sent);
    const answers = (): number => sent.filter(({ answer }) => answer !== undefined).length;
    await until('answers', () => (answers() > 60 ? true : undefined));
    const exit = await rapport.interrupt();
    const refused = await working;
    expect(exit).toEqual({ code: 0, stdout: expect.stringMatching(/stopping…\nstopped\.\n$/), stderr: '' });
    expect(existsSync(join(directory, 'server.json'))).toBe(false);
    for (const { status } of refused) expect(status).toBe(503);

    const again = await RapportProcess.ready(directory);
    const manager = await Client.signIn(again.url, 'manager');
    const before = await (await Client.signIn(again.url, 'auditor')).log();
    const answered = sent.filter(({ answer }) => answer !== undefined);
    const repeated = await Promise.all(answered.map(({ path, body, key }) => manager.post(path, body, key)));
    expect(repeated.map(({ body }) => body['id'])).toEqual(answered.map(({ answer }) => answer!.body['id']));
    const after = await (await Client.signIn(again.url, 'auditor')).log();
    expect(after.slice(0, before.length)).toEqual(before);
    // What may have come in between are the decisions that follow from what was answered, nothing new.
    for (const { type } of after.slice(before.length))
      expect(type).toMatch(/^crm\.profiles\.(Customer|Standing)/);
    expect((await again.interrupt()).code).toBe(0);
  });

  it('while it starts stops cleanly too', async () => {
    const rapport = RapportProcess.launch('--data', join(directory, 'demo'), '--port', '0');
    await rapport.says(/演示 demo/);
    const { code, stdout, stderr } = await rapport.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/stopped\.\n$/);
  });
});
