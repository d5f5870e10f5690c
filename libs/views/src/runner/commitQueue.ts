/**
 * Commits one after the other, while the next batch is folded: at most one is under way and one waits. The first
 * that fails is the last; everything behind it was folded on it.
 */
export class CommitQueue {
  private tail: Promise<void> = Promise.resolve();
  private previous: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  /** @param onFailure called once, at once, also when nobody waits */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Resolves when there is room for one more. @throws what an earlier commit threw */
  async push(commit: () => Promise<void>): Promise<void> {
    const before = this.previous;
    this.previous = this.tail;
    this.tail = this.tail.then(async () => {
      if (this.failure !== undefined) return;
      try {
        await commit();
      } catch (error) {
        this.failure = { error };
        this.onFailure(error);
      }
    });
    await before;
    this.assertGood();
  }

  /** Resolves when all is committed. @throws what a commit threw */
  async drained(): Promise<void> {
    await this.tail;
    this.assertGood();
  }

  /** Resolves when nothing is under way any more, whatever became of it. */
  async idle(): Promise<void> {
    await this.tail;
  }

  private assertGood(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
