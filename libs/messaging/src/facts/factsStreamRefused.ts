/** The stream can't be used as it is; the message says what to do. */
export class FactsStreamRefused extends Error {
  override readonly name = 'FactsStreamRefused';
}
