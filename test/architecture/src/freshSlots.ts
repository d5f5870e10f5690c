/**
 * How much of `after` was made anew: the slots (entries of lists, collections and buffers, fields of objects) of every
 * object in it that `before` does not hold. What both share counts nothing, so this is what a step from one to the
 * other had to write, however large they are.
 */
export function freshSlots(before: unknown, after: unknown): number {
  const known = new Set<object>();
  walk(before, known);
  return walk(after, known);
}

/** Slots of the objects that are not in `known` yet; adds them. */
function walk(value: unknown, known: Set<object>): number {
  let slots = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || known.has(next)) continue;
    known.add(next);
    const members = membersOf(next);
    slots += ArrayBuffer.isView(next) ? next.byteLength : members.length;
    for (const member of members) waiting.push(member);
  }
  return slots;
}

function membersOf(value: object): readonly unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  // Own fields also of collections of a library: its nodes are what it shares.
  const fields = Object.values(value);
  if (value instanceof Map) return [...fields, ...value.keys(), ...value.values()];
  return value instanceof Set ? [...fields, ...value] : fields;
}
