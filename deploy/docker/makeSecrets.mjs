// Makes every secret that Rapport needs, for trials and as a beginning: node makeSecrets.mjs FOLDER
// What is there already is kept, so that it can run at every start. No dependencies but Node.
//   master.key          RAPPORT_MASTER_KEY_FILE
//   actor.key           RAPPORT_ACTOR_SECRET_FILE
//   <service>.jwk       RAPPORT_ASSERTION_KEY_FILE of that service
//   keys.jwks           RAPPORT_ASSERTION_KEYS_FILE of the ledger
//   <user>.password     RAPPORT_NATS_PASSWORD_FILE of that user; relay: RAPPORT_FACTS_PASSWORD_FILE
//   passwords.conf      beside authorization.conf of the NATS server
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ASSERTING = ['gateway', 'profiles', 'interactions', 'tickets', 'risk', 'satisfaction', 'imports'];
const NATS_USERS = [...ASSERTING, 'ledger', 'projector', 'relay', 'subscriber', 'operator'];

const [folder] = process.argv.slice(2);
const MODE = 0o400;

/** Text of a file, made first where it is missing. Whole or not at all: another run never reads half a key. */
function kept(path, make) {
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, make(), { mode: MODE, flag: 'wx' });
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
  chmodSync(path, MODE);
}

if (folder === undefined) {
  console.error('usage: makeSecrets.mjs FOLDER');
  process.exitCode = 64;
} else {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['master.key', 'actor.key']) {
    kept(join(folder, name), () => `${randomBytes(32).toString('base64')}\n`);
  }
  const keys = ASSERTING.map((service) => {
    const jwk = kept(join(folder, `${service}.jwk`), () => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const kid = `${service}-${randomBytes(6).toString('hex')}`;
      return `${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' })}\n`;
    });
    const { d: _private, ...open } = JSON.parse(jwk);
    return open;
  });
  derived(join(folder, 'keys.jwks'), `${JSON.stringify({ keys }, undefined, 2)}\n`);
  const passwords = NATS_USERS.map((user) => {
    // A letter first: nats-server would read digits as a number.
    const password = kept(
      join(folder, `${user}.password`),
      () => `p${randomBytes(24).toString('base64url')}\n`,
    );
    return `${user}_password: "${password.trim()}"\n`;
  });
  derived(join(folder, 'passwords.conf'), passwords.join(''));
  console.log(`secrets are in ${folder}`);
}
