const KEY = { kty: 'OKP', crv: 'Ed25519', kid: 'sample', x: 'sample' };

/** Content that fits a key of the Secret, by its name; nothing of it is secret. */
export function sampleSecret(key) {
  if (key === 'keys.jwks') return JSON.stringify({ keys: [KEY] });
  if (key.endsWith('.jwk')) return JSON.stringify({ ...KEY, d: 'sample' });
  if (key.endsWith('.key')) return Buffer.alloc(32).toString('base64');
  if (key.endsWith('.password')) return 'sample\n';
  if (key.endsWith('.pem')) return '-----BEGIN CERTIFICATE-----\n';
  if (key === 'event-store.url') return 'esdb://sample:2113\n';
  if (key.endsWith('.url')) return 'mongodb://sample:27017/sample\n';
  throw new Error(`no sample for ${key}`);
}
