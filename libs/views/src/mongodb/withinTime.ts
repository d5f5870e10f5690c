import { ViewStoreError } from '../viewStoreError.ts';

/**
 * What an operation answers, if it does within `ms`. The driver has no bound of its own: `timeoutMS` is ignored since
 * 7.9, and a socket timeout is retried.
 *
 * @throws ViewStoreError `unavailable`
 */
export async function withinTime<T>(operation: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ViewStoreError(
            'unavailable',
            `MongoDB: no answer within ${ms} ms: start it, or correct RAPPORT_VIEWS`,
          ),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([operation, late]);
  } finally {
    clearTimeout(timer);
  }
}
