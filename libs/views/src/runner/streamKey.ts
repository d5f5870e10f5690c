const STREAM = 'stream:';

/**
 * The key under which a whole stream is parked: an event of it could not be read, or the projection could not say which
 * documents it touches. No document has such a key.
 */
export function streamKey(stream: string): string {
  return `${STREAM}${stream}`;
}

export function isStreamKey(key: string): boolean {
  return key.startsWith(STREAM);
}

/** Lies before every key of a stream and behind no document's. */
export const BEFORE_STREAMS = STREAM;
