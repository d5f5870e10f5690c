import { StoreError } from '../eventStore.ts';

/** What makes KurrentDB hide or remove events of a stream. */
const REMOVING = ['$maxAge', '$maxCount', '$tb', 'maxAge', 'maxCount', 'truncateBefore'];

/** The store's defaults for all streams; KurrentDB 26.1 knows only access rights there. */
export const SETTINGS_STREAM = '$settings';

/**
 * Counted streams whose metadata remove events, as the log says in order. Counted events are never deleted,
 * truncated or expired (contract.md): an index would lie, and a fold would begin in the middle.
 */
export class Retention {
  readonly #removing = new Map<string, string>();

  /** @param stream a metadata stream, `$$ticket-1`; the last event counts */
  see(stream: string, data: unknown): void {
    const name = stream.slice('$$'.length);
    const setting = removingSetting(data);
    if (setting === undefined) this.#removing.delete(name);
    else this.#removing.set(name, setting);
  }

  /** What to refuse the store for. */
  get fault(): StoreError | undefined {
    const [first] = this.#removing;
    return first === undefined ? undefined : removes(`the stream ${first[0]}`, first[1]);
  }
}

/** @throws StoreError `damaged` when the defaults of all streams remove events */
export function assertKeepingDefaults(data: unknown): void {
  const setting = removingSetting(data);
  if (setting !== undefined) throw removes(SETTINGS_STREAM, setting);
}

/** The first setting that removes events; metadata that cannot be read are no setting. */
function removingSetting(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  return REMOVING.find((name) => Object.hasOwn(data, name) && !keepsAll(name, data));
}

/** `$tb` 0 hides nothing. */
function keepsAll(name: string, data: object): boolean {
  const value: unknown = Reflect.get(data, name);
  return value === null || ((name === '$tb' || name === 'truncateBefore') && value === 0);
}

function removes(where: string, setting: string): StoreError {
  return new StoreError(
    'damaged',
    `${where} has ${setting}, which removes counted events: take it out of the metadata before anything is scavenged`,
  );
}
