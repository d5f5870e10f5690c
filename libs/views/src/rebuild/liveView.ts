import type { MonotonicClock } from '@rapport/platform';
import type { ViewCollection, ViewDefinition, ViewStore } from '../viewStore.ts';
import { invalidView, ViewStoreError } from '../viewStoreError.ts';

/** How long an answer to «which version is live» may be used, in ms. */
const MAX_AGE = 500;

/** The version of a view that answers queries; follows a switch within half a second. */
export class LiveView {
  private readonly collections = new Map<number, Promise<ViewCollection>>();
  private known: { readonly version: number; readonly until: number } | undefined;

  /** @param definitions versions that this code can read, of one view */
  constructor(
    private readonly store: ViewStore,
    private readonly definitions: readonly ViewDefinition[],
    private readonly clock: MonotonicClock,
  ) {
    if (new Set(definitions.map(({ name }) => name)).size !== 1)
      throw invalidView('a live view is of one view');
  }

  /** @throws ViewStoreError `unavailable` where no version that this code can read is live yet */
  async collection(): Promise<ViewCollection> {
    return (await this.current()).collection;
  }

  async version(): Promise<number> {
    return (await this.current()).version;
  }

  private async current(): Promise<{ version: number; collection: ViewCollection }> {
    if (this.known === undefined || this.clock.now() >= this.known.until) {
      const { live } = await this.store.versions(this.definitions[0]!.name);
      this.known = live === undefined ? undefined : { version: live, until: this.clock.now() + MAX_AGE };
    }
    const version = this.known?.version;
    const definition = this.definitions.find((known) => known.version === version);
    if (version === undefined || definition === undefined) {
      throw new ViewStoreError(
        'unavailable',
        `no readable version of the view ${this.definitions[0]!.name} is live`,
      );
    }
    let opening = this.collections.get(version);
    if (opening === undefined) {
      opening = this.store.open(definition);
      this.collections.set(version, opening);
      opening.catch(() => this.collections.delete(version));
    }
    return { version, collection: await opening };
  }
}

/** Of a new installation: makes the version live where none is. Queries see it while it is still being built. */
export async function makeFirstLive(store: ViewStore, definition: ViewDefinition): Promise<void> {
  await store.open(definition);
  const { live } = await store.versions(definition.name);
  if (live === undefined) await store.switchTo(definition.name, definition.version);
}
