import type { CurrentEvent } from '@rapport/contracts';
import type { CountDeclaration } from './counts/viewCounts.ts';
import type { DocumentBody, ViewDefinition } from './viewStore.ts';

/**
 * How one view is made from the log: `fold` is a function of the document's own content and the event, nothing
 * else; no clock, no network, no randomness, no other document.
 */
export interface Projection<Body extends DocumentBody = DocumentBody> extends ViewDefinition {
  /** Event types that it folds, as `crm.profiles.CustomerRegistered`. Others are passed over. */
  readonly types: readonly string[];

  /**
   * Types among them that make a document whatever was there before: `fold` is given no body for them and must answer
   * one. Then the owner need not read what it has not seen, which is most of what such a projection costs.
   */
  readonly starts?: readonly string[];

  /**
   * Types whose sealed fields must be opened before folding, with the fields' paths below `data`. Other sealed
   * fields stay sealed, also in the document, and are opened when someone entitled asks.
   */
  readonly opens?: Readonly<Record<string, readonly string[]>>;

  /**
   * Counts that its owner keeps and saves with the checkpoint, for summaries that must not walk through the documents.
   * Another declaration is another version of the view.
   */
  readonly counts?: readonly CountDeclaration[];

  /**
   * Keys of the documents that the event touches; empty: none. 1 to 200 characters. Where it throws, the event's stream
   * is parked.
   */
  keys(event: CurrentEvent): readonly string[];

  /**
   * @param body the document with this key; undefined where there is none yet or it was deleted, and for `starts`
   * @returns the new content, null to delete it, `body` itself where nothing changes
   */
  fold(body: Body | undefined, event: CurrentEvent, key: string): Body | null | undefined;
}

/**
 * Opens the sealed fields that a projection names. Throws KeysUnavailable (@rapport/privacy) when the key store cannot answer: the
 * projection waits then, it neither blanks nor parks.
 */
export interface FieldOpener {
  open(event: CurrentEvent, paths: readonly string[]): Promise<CurrentEvent> | CurrentEvent;
}
