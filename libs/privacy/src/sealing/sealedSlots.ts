import type { EventVersion, FieldClass, JsonValue, SealedField } from '@rapport/contracts';

export type EventData = { readonly [field: string]: JsonValue | undefined };

/** One place in a copy of an event's data at which a classified value stands. */
export interface SealedSlot {
  readonly container: Record<string, unknown>;
  readonly key: string;
  /** JSON pointer below `data`. */
  readonly pointer: string;
  readonly fieldClass: FieldClass;
}

/** Classified fields as a tree, so that every container on the way is copied once. */
interface FieldTree {
  field?: SealedField;
  readonly properties: Map<string, FieldTree>;
}

/** For every item of a list; no property has this name, since sealedFields writes paths with it. */
const ITEMS = '*';

const all = new WeakMap<EventVersion, FieldTree>();
const chosen = new WeakMap<EventVersion, Map<string, FieldTree>>();

/**
 * Copies data as far as classified fields reach into it and says where they stand. Fields that are absent, or
 * whose condition does not hold, are passed over.
 *
 * @param paths only these fields, dotted as in `nextSteps.*.text`; default all
 * @throws TypeError when a path is not a classified field of the event: a projection that asks for it is wrong
 */
export function sealedSlots(
  definition: EventVersion,
  data: EventData,
  paths?: readonly string[],
): { copy: Record<string, unknown>; slots: SealedSlot[] } {
  const slots: SealedSlot[] = [];
  const copy = descend(treeOf(definition, paths), data, '', data, slots);
  return { copy: copy as Record<string, unknown>, slots };
}

function descend(
  tree: FieldTree,
  value: unknown,
  pointer: string,
  data: EventData,
  slots: SealedSlot[],
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  for (const [name, child] of tree.properties) {
    const keys = name === ITEMS ? Object.keys(copy) : [name];
    for (const key of keys) {
      const item = copy[key];
      if (item === undefined) continue;
      const place = `${pointer}/${key}`;
      if (child.field === undefined) copy[key] = descend(child, item, place, data, slots);
      else if (applies(child.field.fieldClass, data)) {
        slots.push({ container: copy, key, pointer: place, fieldClass: child.field.fieldClass });
      }
    }
  }
  return copy;
}

/** Whether a field of this class is sealed in these data. */
export function applies({ when }: FieldClass, data: EventData): boolean {
  return when === undefined || data[when.field] === when.equals;
}

function treeOf(definition: EventVersion, paths: readonly string[] | undefined): FieldTree {
  if (paths === undefined) {
    let tree = all.get(definition);
    if (tree === undefined) all.set(definition, (tree = plant(definition.sealedFields)));
    return tree;
  }
  let trees = chosen.get(definition);
  if (trees === undefined) chosen.set(definition, (trees = new Map()));
  const name = paths.join(' ');
  let tree = trees.get(name);
  if (tree === undefined) trees.set(name, (tree = plant(paths.map((path) => fieldAt(definition, path)))));
  return tree;
}

function fieldAt(definition: EventVersion, path: string): SealedField {
  const field = definition.sealedFields.find((candidate) => candidate.path.join('.') === path);
  if (field === undefined) throw new TypeError(`${definition.type} has no sealed field ${path}`);
  return field;
}

function plant(fields: readonly SealedField[]): FieldTree {
  const root: FieldTree = { properties: new Map() };
  for (const field of fields) {
    let tree = root;
    for (const name of field.path) {
      // Authenticated data separates with | and pointers with /: a name with one would be ambiguous.
      if (/[|/~]/.test(name)) throw new TypeError(`a sealed field must not be called ${name}`);
      let child = tree.properties.get(name);
      if (child === undefined) tree.properties.set(name, (child = { properties: new Map() }));
      tree = child;
    }
    tree.field = field;
  }
  return root;
}
