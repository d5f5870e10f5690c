/** Where an owner was shown that it is none any more. */
export type FencedAt = 'lease' | 'epoch' | 'document' | 'checkpoint';

/** Another owner writes this projection, or may: stop at once. */
export class Fenced extends Error {
  override readonly name = 'Fenced';

  constructor(
    readonly at: FencedAt,
    readonly projection: string,
    readonly epoch: number,
  ) {
    super(`${projection}: epoch ${epoch} was fenced at its ${at}`);
  }
}
