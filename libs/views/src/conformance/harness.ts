import type { DocumentBody, ViewCollection, ViewIndex, ViewStore } from '../viewStore.ts';

/** One store under test. A suite makes one and gives each test views of its own. */
export interface ViewStoreHarness {
  readonly store: ViewStore;
  /** Closes the store and opens what it left behind; absent where nothing outlives it. */
  reopen?(): Promise<ViewStore>;
  dispose(): Promise<void>;
}

export type MakeHarness = () => Promise<ViewStoreHarness>;

/** Hands every test the store and views that no other test uses. */
export class TestBench {
  private harness: ViewStoreHarness | undefined;
  private current: ViewStore | undefined;
  private used = 0;

  constructor(private readonly make: MakeHarness) {}

  async start(): Promise<void> {
    this.harness = await this.make();
    this.current = this.harness.store;
  }

  async stop(): Promise<void> {
    await this.harness?.dispose();
  }

  get store(): ViewStore {
    return this.current!;
  }

  get outlives(): boolean {
    return this.harness?.reopen !== undefined;
  }

  async reopen(): Promise<ViewStore> {
    this.current = await this.harness!.reopen!();
    return this.current;
  }

  /** A name that is not in use, within `[a-z][a-z-]*`. */
  name(): string {
    let rest = ++this.used;
    let letters = '';
    for (; rest > 0; rest = Math.floor(rest / 26)) letters += String.fromCharCode(97 + (rest % 26));
    return `view-${letters}`;
  }

  view(...indexes: readonly (readonly string[])[]): Promise<ViewCollection> {
    const declared: ViewIndex[] = indexes.map((fields) => ({ fields }));
    return this.store.open({ name: this.name(), version: 1, indexes: declared });
  }

  /** A view that holds these bodies, keyed as given, with indexes 0, 1, 2, … */
  async filled(bodies: Record<string, DocumentBody>, ...indexes: string[][]): Promise<ViewCollection> {
    const view = await this.view(...indexes);
    await view.write(Object.entries(bodies).map(([key, body], index) => ({ key, index, body })));
    return view;
  }
}
