import { assertBuilt, assertDefinition, assertNotLive } from '../query/assertQuery.ts';
import { projectionId } from '../viewStore.ts';
import type { ViewCollection, ViewDefinition, ViewStore, ViewVersions } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { MemoryCollection } from './memoryCollection.ts';
import { MemoryControl } from './memoryControl.ts';

/** Views in memory: for tests and simulation, and the model of what every adapter must do. */
export class MemoryViewStore implements ViewStore {
  readonly control: MemoryControl;
  private readonly views = new Map<string, Map<number, MemoryCollection>>();
  private readonly live = new Map<string, number>();
  private readonly beside = new Map<string, number>();
  private closed = false;

  constructor() {
    this.control = new MemoryControl(() => this.assertOpen());
  }

  async open(definition: ViewDefinition): Promise<ViewCollection> {
    this.assertOpen();
    assertDefinition(definition);
    const versions = this.views.get(definition.name) ?? new Map<number, MemoryCollection>();
    this.views.set(definition.name, versions);
    const collection =
      versions.get(definition.version) ?? new MemoryCollection(definition, () => this.assertOpen());
    versions.set(definition.version, collection);
    return collection;
  }

  async versions(view: string): Promise<ViewVersions> {
    this.assertOpen();
    return this.standing(view);
  }

  async switchTo(view: string, version: number): Promise<void> {
    this.assertOpen();
    assertBuilt(view, version, this.standing(view));
    const former = this.live.get(view);
    if (former === version) return;
    this.live.set(view, version);
    if (former === undefined) this.beside.delete(view);
    else this.beside.set(view, former);
  }

  async keepBeside(view: string, version: number): Promise<void> {
    this.assertOpen();
    const standing = this.standing(view);
    assertBuilt(view, version, standing);
    assertNotLive(view, version, standing);
    this.beside.set(view, version);
  }

  async drop(view: string, version: number): Promise<void> {
    this.assertOpen();
    assertNotLive(view, version, this.standing(view));
    this.control.forget(projectionId({ name: view, version }));
    const collection = this.views.get(view)?.get(version);
    await collection?.clear();
    this.views.get(view)?.delete(version);
    if (this.beside.get(view) === version) this.beside.delete(view);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private standing(view: string): ViewVersions {
    const all = [...(this.views.get(view)?.keys() ?? [])].sort((a, b) => a - b);
    const beside = this.beside.get(view);
    return { live: this.live.get(view), ...(beside !== undefined && { beside }), all };
  }

  private assertOpen(): void {
    if (this.closed) throw new ViewStoreError('closed', 'the view store is closed');
  }
}
