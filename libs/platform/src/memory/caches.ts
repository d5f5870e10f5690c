import { DECIDING_SERVICES, type ServiceName } from '../configuration/serviceName.ts';

/** What runs as one process: a service by itself, or all of them together. */
export type ProcessName = ServiceName | 'standalone';

/** A cache of the product: its weight beside the other caches of its process, who holds it, what stands in it. */
export interface CacheDefinition {
  readonly weight: number;
  /** Standalone holds every one. */
  readonly services: readonly ServiceName[];
  /** For the reference page. */
  readonly description: string;
}

const JOINED = [...DECIDING_SERVICES, 'imports', 'projector'] as const;

/** Every cache that grows with use. A cache that is not in this table gets no bytes. */
export const CACHES = {
  foldedStreams: {
    weight: 24,
    services: DECIDING_SERVICES,
    description: 'streams that commands decide on, folded, with the commands that they remember',
  },
  followedStreams: {
    weight: 12,
    services: DECIDING_SERVICES,
    description: 'what a service knows of the streams of others: customers, standings, purchases',
  },
  documents: {
    weight: 20,
    services: ['projector'],
    description: 'view documents that were folded lately; each projection has an equal part',
  },
  logWindows: {
    weight: 4,
    services: ['projector'],
    description: 'the stretch of the log that projections near each other share',
  },
  recentEvents: {
    weight: 4,
    services: [...JOINED, 'ledger'],
    description: 'the newest events, for everyone who follows the log',
  },
  streamHeads: {
    weight: 4,
    services: ['ledger'],
    description: 'last revisions of streams, in the thread that appends (embedded store)',
  },
  eventPages: {
    weight: 16,
    services: ['ledger'],
    description: 'pages of `events.sqlite` (embedded store): four fifths to write, the rest to read',
  },
  viewPages: {
    weight: 8,
    services: ['projector'],
    description: 'pages of `views.sqlite` (embedded store): two thirds to write, the rest to read',
  },
  keys: {
    weight: 5,
    services: [...JOINED, 'ledger'],
    description: 'keys of sealed fields, for 60 s at most',
  },
  assertions: {
    weight: 1,
    services: ['gateway', ...DECIDING_SERVICES, 'imports', 'ledger'],
    description: 'statements about who acts, signed or verified',
  },
  tokens: {
    weight: 2,
    services: ['gateway'],
    description: 'bearer tokens that were verified',
  },
} as const satisfies Readonly<Record<string, CacheDefinition>>;

export type CacheName = keyof typeof CACHES;

export const CACHE_NAMES = Object.keys(CACHES) as readonly CacheName[];

/** The caches of a process. */
export function cachesOf(process: ProcessName): readonly CacheName[] {
  return CACHE_NAMES.filter(
    (name) => process === 'standalone' || (CACHES[name] as CacheDefinition).services.includes(process),
  );
}

/** The part of the process's bytes that a cache of it gets, 0 to 1. All of them together: 1. */
export function shareOf(name: CacheName, process: ProcessName): number {
  const names = cachesOf(process);
  if (!names.includes(name)) return 0;
  return CACHES[name].weight / names.reduce((sum, other) => sum + CACHES[other].weight, 0);
}
