import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import { Client, creates } from '@rapport/test-checks';
import { expectViews } from './harness/expectViews.ts';
import { expectWhole } from './harness/expectWhole.ts';
import { RapportProcess, removeFolder, temporaryFolder } from './harness/rapportProcess.ts';
import { answered, work, type Sent } from './harness/serviceDesk.ts';

const ROUNDS = 3;
const CLIENTS = 24;
/** Answers after which it is killed, a different place in the load each round. */
const ANSWERS = [120, 300, 200];

describe('kill -9 in the middle of the load', () => {
  const directory = temporaryFolder();
  afterEach(async () => {
    await RapportProcess.endAll();
    removeFolder(directory);
  });

  it('keeps every command that was answered, once, and the views equal a fold of the log', async () => {
    const sent: Sent[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const rapport = await RapportProcess.ready(directory);
      const before = answered(sent).length;
      const working = work(await Client.signIn(rapport.url, 'manager'), `round${round}`, CLIENTS, sent);
      await until('answers', () => (answered(sent).length - before >= ANSWERS[round]! ? true : undefined));
      await rapport.kill();
      expect(await working).toEqual([]);
    }

    const rapport = await RapportProcess.ready(directory);
    const [manager, auditor] = await Promise.all(
      ['manager', 'auditor'].map((role) => Client.signIn(rapport.url, role)),
    );
    const log = await auditor!.log();
    expectWhole(log);
    for (const { answer } of answered(sent))
      expect(log.filter((event) => creates(event, answer!.body))).toHaveLength(1);

    // The same key again: the same answer. Where none had come, whatever is the answer now is so only once.
    const repeated = await Promise.all(sent.map(({ path, body, key }) => manager!.post(path, body, key)));
    repeated.forEach((again, n) => {
      expect(again.status).toBe(201);
      const { answer } = sent[n]!;
      if (answer !== undefined)
        expect(again.body).toEqual({ ...answer.body, repeated: again.body['repeated'] });
    });
    const after = await auditor!.log();
    expectWhole(after);
    for (const { body } of repeated) expect(after.filter((event) => creates(event, body))).toHaveLength(1);

    const last = await manager!.post('/api/customers', { name: '最后一家', kind: 'company' });
    await expectViews(manager!, auditor!, String(last.body['position']));
    const { code, stderr } = await rapport.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
