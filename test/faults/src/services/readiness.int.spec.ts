import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServiceName } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

describeServices('readiness of services whose database goes and comes', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start(() => ({ keys: undefined }));
  }, 180_000);

  afterAll(() => stage?.stop());

  const says = async (service: ServiceName): Promise<object> => {
    const response = await stage.health(service, '/health/ready');
    return { status: response.status, parts: ((await response.json()) as { parts: object }).parts };
  };

  it('who can serve nothing without it is not ready, who decides is: each says what is down, and recovers', async () => {
    const whole = { nats: 'up', views: 'up', keys: 'up' };
    expect(await says('projector')).toEqual({ status: 200, parts: whole });
    expect(await says('ledger')).toEqual({
      status: 200,
      parts: { nats: 'up', eventStore: 'up', keys: 'up' },
    });
    expect(await says('gateway')).toEqual({ status: 200, parts: { nats: 'up' } });

    await stage.deployment.ferretDb.kill();
    await until('the projector misses its views', async () => {
      const response = await stage.health('projector', '/health/ready');
      return response.status === 503 ? true : undefined;
    });
    await until('everybody misses the keys', async () => {
      const all = await Promise.all((['projector', 'profiles', 'ledger'] as const).map(says));
      return all.every((told) => JSON.stringify(told).includes('"keys":"down"')) ? true : undefined;
    });
    expect(await says('projector')).toEqual({
      status: 503,
      parts: { nats: 'up', views: 'down', keys: 'down' },
    });
    expect(await says('profiles')).toEqual({ status: 200, parts: { nats: 'up', keys: 'down' } });
    expect(await says('ledger')).toMatchObject({ status: 200 });

    await stage.deployment.ferretDb.start();
    await until('the projector is whole again', async () =>
      JSON.stringify(await says('projector')) === JSON.stringify({ status: 200, parts: whole })
        ? true
        : undefined,
    );
  });

  it('tells how far each projection is', async () => {
    const labels = 'projection="customers@';
    await until('no lag', async () =>
      (await stage.metric('projector', `rapport_projection_lag_events{${labels}`)) === 0 ? true : undefined,
    );
    const text = await (await stage.health('projector', '/metrics')).text();
    expect(text).toContain(`rapport_projection_parked_keys{${labels}`);
    const { body } = await stage.manager.post('/api/customers', { name: '指标', kind: 'company' });
    await stage.manager.get(`/api/customers/${String(body['id'])}?secret=1`);
    const http = await (await stage.health('gateway', '/metrics')).text();
    expect(http).toMatch(
      /rapport_http_request_duration_seconds_count\{.*route="\/api\/customers",method="POST",status="201"/,
    );
    expect(http).toContain('route="/api/customers/:customerId"');
    expect(http).not.toContain(String(body['id']));
    expect(http).not.toContain('secret');
  });
});
