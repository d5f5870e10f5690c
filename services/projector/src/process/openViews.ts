import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheBudget, StorePlace } from '@rapport/platform';
import { EmbeddedViewStore, MongoViewStore, type ViewStore } from '@rapport/views';

/** Where the views are kept. @throws ViewStoreError */
export async function openViews(place: StorePlace, caches: CacheBudget): Promise<ViewStore> {
  if (place.kind === 'server') return MongoViewStore.open({ url: place.url });
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  return EmbeddedViewStore.open(join(place.folder, 'views.sqlite'), caches);
}
