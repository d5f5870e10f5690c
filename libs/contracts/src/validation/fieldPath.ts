/** A field's name is the sender's: only what can be one is repeated. */
const NAME = /^[\p{L}\p{N}_$-]{1,64}$/u;

/** Path of a field as the sender wrote it, `contacts[0].phone`; safe to answer and to log. */
export function fieldPath(above: string, name: string | number): string {
  if (typeof name === 'number') return `${above}[${name}]`;
  const shown = NAME.test(name) ? name : '(a name that is no field name)';
  return above === '' ? shown : `${above}.${shown}`;
}
