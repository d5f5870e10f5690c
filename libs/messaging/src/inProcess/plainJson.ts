/**
 * Makes sure that `value` arrives as it is sent: JSON.stringify would turn a date into text, a map into an empty
 * object and not-a-number into null, without a word.
 *
 * @throws TypeError naming the place as a JSON pointer, never the value
 */
export function assertPlainJson(value: unknown, path = ''): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (Number.isFinite(value)) return;
      break;
    case 'object':
      if (value === null) return;
      if (Array.isArray(value)) {
        for (const [n, item] of value.entries()) assertPlainJson(item, `${path}/${n}`);
        return;
      }
      if (isPlain(value)) {
        for (const [name, item] of Object.entries(value)) {
          if (item !== undefined) assertPlainJson(item, `${path}/${name}`);
        }
        return;
      }
      break;
    default:
  }
  throw new TypeError(`${path === '' ? '/' : path} is no plain JSON: it would arrive as something else`);
}

// Instances of own classes are plain where their fields are all there is to them: command bodies are such.
function isPlain(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Object]' && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}
