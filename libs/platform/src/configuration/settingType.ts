/** How the text of a variable becomes a value. */
export interface SettingType<Value> {
  /** Column «type» of the reference page. */
  readonly words: string;
  /**
   * @returns the value
   * @throws Misfit with what is wrong and what to do; never with the text, which may be secret
   */
  readonly parse: (text: string) => Value;
}

/** What is wrong with a text and what to do, completing «RAPPORT_X …». */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

export function text(pattern: RegExp, words: string): SettingType<string> {
  return {
    words,
    parse: (given) => {
      if (!pattern.test(given)) throw new Misfit(`must be ${words}`);
      return given;
    },
  };
}

export const anyText: SettingType<string> = text(/\S/, 'text');

export function integer(min: number, max: number, unit: string): SettingType<number> {
  const words = `whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`;
  return {
    words,
    parse: (given) => {
      const value = /^\d{1,16}$/.test(given) ? Number(given) : NaN;
      if (!(value >= min && value <= max)) throw new Misfit(`must be a ${words}, digits only`);
      return value;
    },
  };
}

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): SettingType<Choice> {
  const words = choices.map((choice) => `\`${choice}\``).join(', ');
  return {
    words: `one of ${words}`,
    parse: (given) => {
      if (!(choices as readonly string[]).includes(given)) {
        throw new Misfit(`must be one of ${choices.join(', ')}`);
      }
      return given as Choice;
    },
  };
}

export const flag: SettingType<boolean> = {
  words: '`true` or `false`',
  parse: (given) => {
    if (given !== 'true' && given !== 'false') throw new Misfit('must be true or false');
    return given === 'true';
  },
};

/** An absolute URL of one of these schemes (without colon). */
export function url(...schemes: readonly string[]): SettingType<string> {
  const words = `URL (${schemes.map((scheme) => `\`${scheme}://…\``).join(' or ')})`;
  return { words, parse: (given) => assertUrl(given, schemes, words) };
}

/** URLs separated by commas. */
export function urls(...schemes: readonly string[]): SettingType<readonly string[]> {
  const one = schemes.map((scheme) => `\`${scheme}://…\``).join(' or ');
  const words = `URLs (${one}), separated by commas`;
  return {
    words,
    parse: (given) => Object.freeze(given.split(',').map((part) => assertUrl(part.trim(), schemes, words))),
  };
}

function assertUrl(given: string, schemes: readonly string[], words: string): string {
  // Not URL.parse: connection strings of databases name several hosts.
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\s/]/.exec(given)?.[1];
  if (scheme === undefined || !schemes.includes(scheme)) throw new Misfit(`must be: ${words}`);
  return given;
}

/** Where a store is: a folder of this machine, or a server. */
export type StorePlace =
  { readonly kind: 'embedded'; readonly folder: string } | { readonly kind: 'server'; readonly url: string };

export function storePlace(...schemes: readonly string[]): SettingType<StorePlace> {
  const words = `\`embedded:/folder\` or ${schemes.map((scheme) => `\`${scheme}://…\``).join(' or ')}`;
  return {
    words,
    parse: (given) => {
      const folder = /^embedded:(\/.*)$/.exec(given)?.[1];
      if (folder !== undefined) return Object.freeze({ kind: 'embedded' as const, folder });
      return Object.freeze({ kind: 'server' as const, url: assertUrl(given, schemes, words) });
    },
  };
}
