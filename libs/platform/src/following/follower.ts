import type { Look } from './look.ts';

/** What follows something that grows, by what it does with it. */
export type FollowerKind =
  /** Folds the log into a view. */
  | 'projection'
  /** Records what follows from events. */
  | 'reaction'
  /** Publishes the log as facts. */
  | 'relay'
  /** Keeps what a service knows of other contexts. */
  | 'knowledge'
  /** Destroys keys as the log calls people erased. */
  | 'erasure'
  /** Comes back again and again to what has become due. */
  | 'sweeper'
  /** Counts a log that does not number its events itself. */
  | 'counting';

/** How far a follower is, at one moment. */
export interface Progress {
  /** Place of the last item that is done, and of the last one that there is; -1 for none. */
  readonly position: number;
  readonly head: number;
  /** Items between the two, where their places are not dense; default: `head - position`. */
  readonly distance?: number;
  /** Of an item, or a batch, under way: grows with what of it is done for the first time. */
  readonly steps?: number;
  /** Another one does the work, and this one takes over if that one ends: nobody is alerted here. */
  readonly standsBy?: boolean;
}

/** Whatever follows: it is registered where it is made, and tells how far it is. */
export interface Follower {
  readonly kind: FollowerKind;
  /** For operators, unique among its kind in a process: `customers@1000`. Never with personal data. */
  readonly name: string;

  /** @throws whatever keeps it from being known */
  progress(look: Look): Progress | Promise<Progress>;
}
