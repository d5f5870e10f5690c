/** What a process may have to wait for at its start, in the words of its readiness. */
export type StartingPart = 'nats' | 'ledger' | 'eventStore' | 'views' | 'keys';

/** How far the start of a process is: what it has reached, and what it waits for. */
export class StartingParts {
  private readonly reached = new Map<StartingPart, boolean>();

  readonly reach = async <T>(part: StartingPart, there: Promise<T>): Promise<T> => {
    this.reached.set(part, false);
    const result = await there;
    this.reached.set(part, true);
    return result;
  };

  get parts(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.reached);
  }
}
