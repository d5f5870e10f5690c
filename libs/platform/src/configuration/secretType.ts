import { Misfit, type SettingType } from './settingType.ts';

/** 32 bytes, written in base64: `openssl rand -base64 32`. */
export const key32: SettingType<Uint8Array> = {
  words: '32 bytes in base64',
  parse: (given) => {
    const bytes = Buffer.from(given.trim(), 'base64');
    if (bytes.length !== 32 || bytes.toString('base64') !== given.trim()) {
      throw new Misfit('must be 32 bytes in base64: make it with `openssl rand -base64 32`');
    }
    return new Uint8Array(bytes);
  },
};

/** A password or the like: one line, its line end cut off. */
export const secretLine: SettingType<string> = {
  words: 'one line',
  parse: (given) => {
    const line = given.replace(/\r?\n$/, '');
    if (line === '' || /[\r\n]/.test(line)) throw new Misfit('must be one line that is not empty');
    return line;
  },
};

/** Certificates of authorities, PEM. */
export const certificates: SettingType<string> = {
  words: 'certificates (PEM)',
  parse: (given) => {
    if (!given.includes('-----BEGIN CERTIFICATE-----')) {
      throw new Misfit('must be certificates in PEM (-----BEGIN CERTIFICATE-----)');
    }
    return given;
  },
};

/** An Ed25519 key as RFC 8037 writes it; `d` is the private part. */
export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly d?: string;
}

export const privateJwk: SettingType<Ed25519Jwk & { readonly d: string }> = {
  words: 'Ed25519 private key (JWK with `kid`)',
  parse: (given) => {
    const jwk = parseJson(given);
    if (!isEd25519(jwk) || typeof jwk.d !== 'string') {
      throw new Misfit(
        'must be an Ed25519 private JWK with kty, crv, kid, x and d: see docs/deploy-kubernetes.md',
      );
    }
    return Object.freeze({ ...jwk, d: jwk.d });
  },
};

export const publicJwks: SettingType<readonly Ed25519Jwk[]> = {
  words: 'Ed25519 public keys (JWKS, each with `kid`)',
  parse: (given) => {
    const keys = (parseJson(given) as { keys?: unknown } | null)?.keys;
    if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isEd25519)) {
      throw new Misfit('must be a JWKS {"keys": […]} of Ed25519 public keys, each with kty, crv, kid and x');
    }
    if (keys.some(({ d }) => d !== undefined)) {
      throw new Misfit('holds a private key: give public keys only, without d');
    }
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw new Misfit('names a kid twice');
    return Object.freeze(keys.map((key) => Object.freeze({ ...key })));
  },
};

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    // The parser's message quotes the text.
    throw new Misfit('must be JSON');
  }
}

function isEd25519(value: unknown): value is Ed25519Jwk {
  const { kty, crv, x, kid } = (value ?? {}) as Partial<Ed25519Jwk>;
  return kty === 'OKP' && crv === 'Ed25519' && isText(x) && isText(kid);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
