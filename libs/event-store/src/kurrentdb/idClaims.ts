import type { StreamWrite } from '../eventStore.ts';

/**
 * Ids of the appends that are under way in this process. Of two appends with an id in common the second waits for
 * the first: at another place it would store the event twice, and an equal one that overtakes the first's
 * replication is dropped by the server without an answer.
 */
export class IdClaims {
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** Runs `append` once no other with any of the ids is under way. */
  async run<T>(writes: readonly StreamWrite[], append: () => Promise<T>): Promise<T> {
    const ids = writes.flatMap(({ events }) => events.map(({ id }) => id));
    for (;;) {
      const others = ids.flatMap((id) => this.#underWay.get(id) ?? []);
      if (others.length === 0) break;
      await Promise.allSettled(others);
    }
    const appending = append();
    for (const id of ids) this.#underWay.set(id, appending);
    try {
      return await appending;
    } finally {
      for (const id of ids) this.#underWay.delete(id);
    }
  }
}
