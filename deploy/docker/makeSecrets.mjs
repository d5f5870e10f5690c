// Makes every secret that Rapport needs, for trials and as a beginning: node makeSecrets.mjs FOLDER
// What is there already is kept, so that it can run at every start. No dependencies but Node.
//   master.key                  RAPPORT_MASTER_KEY_FILE
//   actor.key                   RAPPORT_ACTOR_SECRET_FILE
//   assertion/<service>.jwk     RAPPORT_ASSERTION_KEY_FILE of that service
//   assertion/keys.jwks         RAPPORT_ASSERTION_KEYS_FILE of the ledger
//   nats/<user>.password        RAPPORT_NATS_PASSWORD_FILE of that user
//   nats/passwords.conf         beside authorization.conf of the NATS server
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ASSERTING = ['gateway', 'profiles', 'interactions', 'tickets', 'risk', 'satisfaction'];
const NATS_USERS = [...ASSERTING, 'ledger', 'projector', 'relay', 'subscriber', 'operator'];

const [folder, ...options] = process.argv.slice(2);
// 0440 for Kubernetes and compose, where another process of the same group reads them.
const mode = options.includes('--group-readable') ? 0o440 : 0o400;

/** Text of a file, made first where it is missing. Whole or not at all: another run never reads half a key. */
function kept(path, make) {
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, make(), { mode, flag: 'wx' });
    try {
      linkSync(fresh, path);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(fresh);
    }
  }
  return readFileSync(path, 'utf8');
}

/** Derived from other files: written anew every time. */
function derived(path, text) {
  rmSync(path, { force: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

if (folder === undefined) {
  console.error('usage: makeSecrets.mjs FOLDER [--group-readable]');
  process.exitCode = 64;
} else {
  for (const part of ['.', 'assertion', 'nats']) {
    mkdirSync(join(folder, part), {
      recursive: true,
      mode: options.includes('--group-readable') ? 0o750 : 0o700,
    });
  }
  for (const name of ['master.key', 'actor.key']) {
    kept(join(folder, name), () => `${randomBytes(32).toString('base64')}\n`);
  }
  const keys = ASSERTING.map((service) => {
    const jwk = JSON.parse(
      kept(join(folder, 'assertion', `${service}.jwk`), () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        const kid = `${service}-${randomBytes(6).toString('hex')}`;
        return `${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' })}\n`;
      }),
    );
    const { d: _private, ...open } = jwk;
    return open;
  });
  derived(join(folder, 'assertion', 'keys.jwks'), `${JSON.stringify({ keys }, undefined, 2)}\n`);
  const passwords = NATS_USERS.map((user) => {
    const make = () => `${randomBytes(24).toString('base64url')}\n`;
    return `${user}_password: "${kept(join(folder, 'nats', `${user}.password`), make).trim()}"\n`;
  });
  derived(join(folder, 'nats', 'passwords.conf'), passwords.join(''));
  console.log(`secrets are in ${folder}`);
}
