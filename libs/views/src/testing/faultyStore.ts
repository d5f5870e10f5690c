import type {
  ProjectionControl,
  ViewCollection,
  ViewDefinition,
  ViewStore,
  ViewVersions,
} from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';

/** What happens to one operation on its way to the store. `perform` lets it through. */
export type Interfere = (operation: string, perform: () => Promise<unknown>) => Promise<unknown>;

/** One process's access to a store that others use too, through which a test can break or delay what it does. */
export class FaultyStore implements ViewStore {
  readonly control: ProjectionControl;

  constructor(
    private readonly store: ViewStore,
    private readonly interfere: Interfere,
  ) {
    this.control = interfering(store.control, 'control', interfere);
  }

  async open(definition: ViewDefinition): Promise<ViewCollection> {
    return interfering(await this.store.open(definition), 'view', this.interfere);
  }

  versions(view: string): Promise<ViewVersions> {
    return this.store.versions(view);
  }

  switchTo(view: string, version: number): Promise<void> {
    return this.store.switchTo(view, version);
  }

  keepBeside(view: string, version: number): Promise<void> {
    return this.store.keepBeside(view, version);
  }

  drop(view: string, version: number): Promise<void> {
    return this.store.drop(view, version);
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** The process dies at its n-th operation, just before or just after the store has done it: nothing gets through after. */
export function dyingAt(operation: number, when: 'before' | 'after'): Interfere {
  let left = operation;
  const dead = new ViewStoreError('unavailable', 'the process is dead');
  return async (_name, perform) => {
    left--;
    if (left < 0 || (left === 0 && when === 'before')) throw dead;
    const result = await perform();
    if (left === 0) throw dead;
    return result;
  };
}

/** Holds the next operation of that name on its way until told to let it go. */
export class Gate {
  holding = false;
  held = 0;
  private open: () => void = () => undefined;

  constructor(private readonly operation: string) {}

  readonly interfere: Interfere = async (name, perform) => {
    if (this.holding && name === this.operation) {
      this.held++;
      await new Promise<void>((resolve) => (this.open = resolve));
    }
    return perform();
  };

  letGo(): void {
    this.holding = false;
    this.open();
  }
}

function interfering<T extends object>(target: T, prefix: string, interfere: Interfere): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      // Its pages are not operations of their own here.
      if (name === 'scan') return member.bind(target) as unknown;
      return (...parameters: unknown[]) =>
        interfere(
          `${prefix}.${String(name)}`,
          () => Reflect.apply(member, target, parameters) as Promise<unknown>,
        );
    },
  });
}
