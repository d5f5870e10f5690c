import type { ParkedKey, ProjectionControl } from '../viewStore.ts';
import { BEFORE_STREAMS, isStreamKey, streamKey } from './streamKey.ts';

/**
 * What a projection has parked, as its owner asks for it. Nothing of it is kept: where none is parked nothing is looked
 * up, and where 100,000 are, they cost a look-up of each batch's keys and no memory.
 */
export class ParkedKeys {
  private any = true;
  private anyStream = true;
  /** Parked by batches that are not committed yet. */
  private readonly announced = new Map<string, ParkedKey>();

  constructor(
    private readonly control: ProjectionControl,
    private readonly projection: string,
  ) {}

  /** To be called before anything is asked, and after keys were unparked. */
  async look(): Promise<void> {
    const [first] = await this.control.parked(this.projection, { limit: 1 });
    this.any = first !== undefined;
    if (!this.any) this.anyStream = false;
    else {
      const [stream] = await this.control.parked(this.projection, { after: BEFORE_STREAMS, limit: 1 });
      this.anyStream = stream !== undefined && isStreamKey(stream.key);
    }
  }

  get none(): boolean {
    return !this.any;
  }

  /** Keys that are not parked are absent. */
  async among(keys: Iterable<string>): Promise<ReadonlyMap<string, ParkedKey>> {
    if (!this.any) return NONE;
    const wanted = [...new Set(keys)];
    if (wanted.length === 0) return NONE;
    // Looked at first: what is written while the store answers is not announced any more.
    const announced = wanted.flatMap((key) => this.announced.get(key) ?? []);
    const parked = await this.control.parkedAmong(this.projection, wanted);
    return new Map([...parked, ...announced].map((entry) => [entry.key, entry]));
  }

  /** Of these streams, those that are parked, with the index from which on they are. */
  async streamsAmong(events: readonly { readonly stream: string }[]): Promise<Map<string, number>> {
    if (!this.anyStream) return new Map();
    const parked = await this.among(events.map(({ stream }) => streamKey(stream)));
    return new Map([...parked.values()].map(({ stream, index }) => [stream, index]));
  }

  /** They are going to be parked with the batch that is being folded. */
  announce(entries: readonly ParkedKey[]): void {
    for (const entry of entries) {
      this.any = true;
      this.anyStream ||= isStreamKey(entry.key);
      this.announced.set(entry.key, entry);
    }
  }

  async park(entries: readonly ParkedKey[]): Promise<void> {
    this.announce(entries);
    await this.control.park(entries);
    for (const { key } of entries) this.announced.delete(key);
  }

  async unpark(keys: readonly string[]): Promise<void> {
    await this.control.unpark(this.projection, keys);
    await this.look();
  }
}

const NONE: ReadonlyMap<string, ParkedKey> = new Map();
