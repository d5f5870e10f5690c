import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS, PERMISSIONS } from '@rapport/contracts';
import { DemoSignIn, OidcAuthentication, startGateway } from '@rapport/service-gateway';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { testCaches } from '@rapport/platform/testing';
import { HttpWorld, JSON_TYPE } from './harness/httpWorld.ts';

describe('who may do what over HTTP', () => {
  let http: HttpWorld;
  let accepting = true;

  beforeAll(async () => {
    http = await HttpWorld.open({ accepting: () => accepting });
  });

  afterAll(() => http.close());

  it('no token is 401 and says how', async () => {
    const answer = await http.raw('GET', '/api/tickets');
    expect(answer).toMatchObject({ status: 401, body: { type: 'urn:rapport:problem:unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="rapport"');
  });

  it.each(['Bearer x', 'Basic bWFuYWdlcjo=', 'Bearer '])(
    'the authorization «%s» is 401',
    async (authorization) => {
      const answer = await http.raw('GET', '/api/tickets', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    },
  );

  it('a token of another key is 401, also unsigned', async () => {
    const { token } = await new DemoSignIn({ key: new Uint8Array(32).fill(9) }, testCaches()).signIn(
      'administrator',
    );
    const [, payload] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload!}.`;
    for (const forged of [token, unsigned]) {
      const answer = await http.raw('GET', '/api/tickets', {
        headers: { authorization: `Bearer ${forged}` },
      });
      expect(answer.status).toBe(401);
    }
  });

  it('a token that has expired is 401, also where it was known before', async () => {
    let now = 1_790_000_000_000;
    const clock = { now: () => now };
    const demo = new DemoSignIn({ key: new Uint8Array(32) }, testCaches(), clock);
    const { token, expiresIn } = await demo.signIn('manager');
    expect(await demo.authenticate(token)).toMatchObject({ roles: ['manager'] });
    now += expiresIn * 1000;
    await expect(demo.authenticate(token)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('R-015 a role without the permission is 403 and told which', async () => {
    const authorization = `Bearer ${await http.token('auditor')}`;
    const answer = await http.send('POST', '/api/tickets', {}, { authorization });
    expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringContaining('tickets.open') } });
    expect((await http.send('GET', '/api/events')).status).toBe(403);
  });

  it('the demo signs in in known roles only', async () => {
    const body = JSON.stringify({ role: 'emperor' });
    const answer = await http.raw('POST', '/demo/sign-in', { body, headers: JSON_TYPE });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'role' }] } });
  });

  it('the demo signs nobody in under another host name (DNS rebinding)', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${http.url}/demo/sign-in`, {
        method: 'POST',
        headers: { ...JSON_TYPE, host: 'evil.example' },
      });
      sent.on('response', (response) => resolve(response.statusCode)).on('error', reject);
      sent.end('{"role":"manager"}');
    });
    expect(status).toBe(403);
  });

  it('the demo sign-in is not started beyond loopback', async () => {
    await expect(
      startGateway({
        requests: http.world.transport,
        assertActor: () => Promise.resolve(''),
        tenant: 'main',
        logId: http.world.logId,
        caches: testCaches(),
        readiness: () => Promise.resolve({ ready: true }),
        demo: { key: new Uint8Array(32) },
        port: 0,
        host: '0.0.0.0',
        logger: false,
      }),
    ).rejects.toThrow('loopback');
  });

  it('a port that is taken is an error that says so', async () => {
    const port = Number(new URL(http.url).port);
    await expect(HttpWorld.open({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('a process that is not ready answers 503 with Retry-After, and still lives', async () => {
    accepting = false;
    try {
      const answer = await http.send('GET', '/api/tickets');
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect((await http.raw('GET', '/health/ready')).status).toBe(503);
      expect(await http.raw('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'up' } });
    } finally {
      accepting = true;
    }
    expect(await http.raw('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { parts: { store: 'up' } },
    });
  });

  it('what nobody serves is 503 with Retry-After', async () => {
    const answer = await http.send('GET', '/api/tiers/summary');
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:rapport:problem:unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('too many requests are 429 with Retry-After', async () => {
    const limited = await HttpWorld.open({ rateLimit: { max: 2, windowMs: 60_000 } });
    try {
      for (let i = 0; i < 2; i += 1) expect((await limited.raw('GET', '/health/live')).status).toBe(200);
      const answer = await limited.raw('GET', '/health/live');
      expect(answer).toMatchObject({ status: 429, body: { type: 'urn:rapport:problem:too-many-requests' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await limited.close();
    }
  });

  it.each([
    ['behind no proxy, whatever is forwarded', 0, ['1.1.1.1', '2.2.2.2'], true],
    ['behind one, that of the address it was reached by', 1, ['1.1.1.1', '2.2.2.2'], false],
    ['behind one, whatever the client wrote before', 1, ['1.1.1.1, 9.9.9.9', '2.2.2.2, 9.9.9.9'], true],
    [
      'behind two, that which the outer one was reached by',
      2,
      ['1.1.1.1, 9.9.9.9', '2.2.2.2, 9.9.9.9'],
      false,
    ],
  ])('the limit is of one address: %s', async (_name, proxies, forwarded, shared) => {
    const limited = await HttpWorld.open({ proxies, rateLimit: { max: 1, windowMs: 60_000 } });
    try {
      const statuses = [];
      for (const addresses of forwarded) {
        const headers = { 'x-forwarded-for': addresses };
        statuses.push((await limited.raw('GET', '/health/live', { headers })).status);
      }
      expect(statuses).toEqual([200, shared ? 429 : 200]);
    } finally {
      await limited.close();
    }
  });

  it('answers are kept by nobody and framed by nobody', async () => {
    const { headers } = await http.raw('GET', '/api/tickets');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('every command but those that fire by themselves may be sent by somebody', () => {
    for (const { permission, name } of Object.values(COMMANDS)) {
      expect([name, PERMISSIONS[permission].length > 0]).toEqual([name, permission !== 'deadlines.fire']);
    }
  });
});

describe('OpenID Connect', () => {
  const issuer = 'https://login.example';
  const audience = 'rapport';
  const clock = { now: () => 1_790_000_000_000 };
  const seconds = clock.now() / 1000;

  async function provider(): Promise<{
    sign: (claims: object, other?: { issuer?: string; audience?: string; exp?: number }) => Promise<string>;
    oidc: OidcAuthentication;
  }> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k1' }] };
    const oidc = new OidcAuthentication({
      issuer,
      audience,
      keys,
      clock,
      rolesClaim: 'realm_access.roles',
      actorId: (sub) => `id-of-${sub.length}`,
      caches: testCaches(),
    });
    return {
      oidc,
      sign: (claims, other = {}) =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
          .setIssuer(other.issuer ?? issuer)
          .setAudience(other.audience ?? audience)
          .setSubject('zhang@example.com')
          .setExpirationTime(other.exp ?? seconds + 60)
          .sign(privateKey),
    };
  }

  it('takes the roles that we know, and an opaque id for the subject', async () => {
    const { oidc, sign } = await provider();
    const token = await sign({ realm_access: { roles: ['manager', 'offline_access', 7] } });
    expect(await oidc.authenticate(token)).toEqual({ id: 'id-of-17', roles: ['manager'] });
    expect(await oidc.authenticate(await sign({}))).toEqual({ id: 'id-of-17', roles: [] });
  });

  it.each([
    ['issuer', { issuer: 'https://other.example' }],
    ['audience', { audience: 'another' }],
    ['time', { exp: seconds - 60 }],
  ])('refuses a token of another %s', async (_what, other) => {
    const { oidc, sign } = await provider();
    const token = await sign({ realm_access: { roles: ['manager'] } }, other);
    await expect(oidc.authenticate(token)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('tells keys that cannot be fetched from a token that is wrong', async () => {
    const { sign } = await provider();
    const keys = new URL('http://127.0.0.1:9/jwks');
    const caches = testCaches();
    const oidc = new OidcAuthentication({ issuer, audience, keys, clock, actorId: (sub) => sub, caches });
    await expect(oidc.authenticate(await sign({}))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
