import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS, decodeEvent, POLICIES, POLICY_COMMANDS, type PolicyName } from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { MemoryKeyStore, SealedFieldCodec } from '@rapport/privacy';
import { InteractionsModule } from '@rapport/service-interactions';
import { ProfilesModule } from '@rapport/service-profiles';
import { RiskModule } from '@rapport/service-risk';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { HttpWorld } from './harness/httpWorld.ts';

const effectiveFrom = '2099-01-01T00:00:00.000Z';
const names = Object.keys(POLICIES) as PolicyName[];

describe('the handbooks’ numbers are changed', () => {
  let http: HttpWorld;

  beforeAll(async () => {
    http = await HttpWorld.open();
    const { world } = http;
    const codec = new SealedFieldCodec(new MemoryKeyStore(systemRandom), systemRandom);
    const options = { opener: codec as never };
    await world.start({ with: (runtime) => ProfilesModule.with(runtime, options) });
    await world.start(InteractionsModule);
    await world.start(RiskModule);
    await world.start(SatisfactionModule);
  });

  afterAll(() => http.close());

  it.each(names)('%s, by the context that decides by it', async (policy) => {
    const change = { value: POLICIES[policy].defaultValue, effectiveFrom, reason: '年度评审' };
    const head = await http.head();
    const changed = await http.send('PUT', `/api/policies/${policy}`, change);
    expect(changed).toMatchObject({ status: 200, body: { id: policy, revision: 0 } });

    const [recorded] = await http.world.store.readCounted(head + 1, 10);
    expect(recorded).toMatchObject({ type: 'crm.ledger.PolicyChanged', stream: `policy-${policy}` });
    expect(decodeEvent(recorded!)).toMatchObject({
      via: COMMANDS[POLICY_COMMANDS[policy]].context,
      data: { policy, version: 2, effectiveFrom, value: change.value },
    });
  });

  it('by somebody who has not seen the last version: 412, nothing is stored', async () => {
    const change = { value: POLICIES.recording.defaultValue, effectiveFrom };
    const head = await http.head();
    const refused = await http.send('PUT', '/api/policies/recording', change, { 'if-match': '"7"' });
    expect(refused).toMatchObject({ status: 412, body: { errors: [{ field: 'If-Match' }] } });
    expect(await http.head()).toBe(head);
  });

  it('R-040 with a value that is no number of hours: 400 names it, nothing is stored', async () => {
    const change = { value: { interactionHours: 0, majorEventHours: 24 }, effectiveFrom };
    const head = await http.head();
    const refused = await http.send('PUT', '/api/policies/recording', change);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'value.interactionHours' }] } });
    expect(await http.head()).toBe(head);
  });

  it('which there is none of: 404', async () => {
    const change = { value: {}, effectiveFrom };
    expect(await http.send('PUT', '/api/policies/toString', change)).toMatchObject({ status: 404 });
  });
});
