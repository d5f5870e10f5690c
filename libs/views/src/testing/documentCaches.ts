import { CacheBudget, shareOf } from '@rapport/platform';

/** Caches in which the documents of the one projection of a test have so many bytes. */
export function documentCaches(bytes: number): CacheBudget {
  return new CacheBudget('projector', Math.ceil(bytes / shareOf('documents', 'projector')));
}
