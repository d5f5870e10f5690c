import { afterEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createServer, type Server } from 'node:http';
import { freePort } from '@rapport/platform';
import { testCaches } from '@rapport/platform/testing';
import { OidcAuthentication } from './oidcAuthentication.ts';

describe('the keys of the identity provider', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  it('are missed once and told again once, with the reason', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const [issuer, audience] = ['https://id.example.com', 'rapport'];
    const token = await new SignJWT({ roles: ['manager'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('somebody')
      .setExpirationTime('1h')
      .sign(privateKey);
    const port = await freePort();
    const told: (string | undefined)[] = [];
    const oidc = new OidcAuthentication({
      issuer,
      audience,
      keys: new URL(`http://127.0.0.1:${port}/keys`),
      actorId: (subject) => subject,
      caches: testCaches(),
      keysChanged: (reason) => told.push(reason),
    });
    for (let n = 0; n < 3; n += 1) {
      await expect(oidc.authenticate(token)).rejects.toMatchObject({ kind: 'unavailable' });
    }
    expect(told).toEqual([expect.stringContaining('ECONNREFUSED')]);

    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }];
    server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
    expect(await oidc.authenticate(token)).toEqual({ id: 'somebody', roles: ['manager'] });
    expect(told).toEqual([expect.stringContaining('ECONNREFUSED'), undefined]);
  });
});
