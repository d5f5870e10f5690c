import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { databaseOf } from '@rapport/hosting';
import type { StorePlace } from '@rapport/platform';
import { EmbeddedViewStore, type ViewStore } from '@rapport/views';

/** Where the views are kept. @throws ViewStoreError */
export async function openViews(place: StorePlace): Promise<ViewStore> {
  if (place.kind === 'server') {
    throw new Error('soon'+databaseOf(place.url,''));
  }
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  return EmbeddedViewStore.open(join(place.folder, 'views.sqlite'));
}
