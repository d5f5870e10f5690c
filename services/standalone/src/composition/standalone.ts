import type { LoggerService, Type } from '@nestjs/common';
import { generateKeyPair } from 'jose';
import type { Actor, CurrentEvent } from '@rapport/contracts';
import {
  CommandSender,
  followingAlerts,
  ProcessDeadlines,
  ProjectedDues,
  ProjectedParked,
  streamBacklog,
  type ServiceRuntime,
  type SweepOrigin,
} from '@rapport/event-sourcing';
import { eraseAgain, ErasureFront, followErasures } from '@rapport/hosting';
import { ActorAssertions, InProcessTransport, type AdmissionLimits } from '@rapport/messaging';
import {
  AdjustableClock,
  standaloneCaches,
  Followers,
  systemClock,
  systemMonotonicClock,
  systemRandom,
  systemTimers,
  type CacheBudget,
  type EpochMillis,
} from '@rapport/platform';
import { externalStreamId, readEvent, requestHmac, Revealer, SealedFieldCodec } from '@rapport/privacy';
import { forkOf, LedgerService, mayRecord, openLineage } from '@rapport/service-ledger';
import { StandingReaction } from '@rapport/service-profiles';
import { Views } from '@rapport/service-projector';
import { SharedLog } from '@rapport/views';
import { standOfDemo } from '../demo/standOfDemo.ts';
import { openDataFolder, type Stores } from './dataFolder.ts';
import { startServices } from './services.ts';

export const TENANT = 'main';

export type Alert = ServiceRuntime['alert'];

/** All services of one process, running on a data folder. */
export interface Standalone {
  readonly runtime: ServiceRuntime;
  readonly folder: Stores;
  readonly clock: AdjustableClock;
  readonly followers: Followers;
  readonly transport: InProcessTransport;
  readonly sender: CommandSender;
  readonly keys: Stores['keys'];
  readonly assertActor: (actor: Actor) => Promise<string>;
  /** Fires every recorded due up to now. */
  readonly sweep: (origin: SweepOrigin) => Promise<void>;
  /** Resolves when reactions and views (default: all) have taken in everything that is recorded. */
  readonly settle: (views?: readonly string[]) => Promise<void>;
  /** Lets the demo record history of its own while it is lived. */
  allowDemo(allowed: boolean): void;
  /** A provider of one of its services. */
  get<Provider>(provider: Type<Provider>): Provider;
  close(): Promise<void>;
}

export interface StandaloneStart {
  /**
   * The demo is to be lived: a new log begins on its first day, and until it has been lived the clock stands where
   * the log has come to. The demo hands it back.
   */
  readonly bornAt?: EpochMillis;
  /** Where the clock stands until it is moved or released; default: it follows the system's. */
  readonly clockAt?: EpochMillis;
  /** Where Nest writes; default: errors to the console. */
  readonly logger?: LoggerService;
  /** Requests of one context at the same time. */
  readonly limits?: AdmissionLimits;
  /** MiB that all caches together may hold; default 512. */
  readonly cacheMb?: number;
  /** Told where what was alerted is over; default: as an alert. */
  readonly inform?: Alert;
}

/**
 * Opens the data folder and starts every service on it, without HTTP.
 *
 * @throws StoreError, KeyStoreError, ViewStoreError
 */
export async function startStandalone(
  directory: string,
  alert: Alert,
  options: StandaloneStart = {},
): Promise<Standalone> {
  const caches = standaloneCaches(options.cacheMb);
  const folder = await openDataFolder(directory, caches);
  try {
    return await composeStandalone(folder, caches, alert, options);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Starts every service on these stores, which it closes at its own end; on a failure they stay open. */
export async function composeStandalone(
  folder: Stores,
  caches: CacheBudget,
  alert: Alert,
  { bornAt, clockAt, logger, limits, inform = alert }: StandaloneStart,
): Promise<Standalone> {
  const { events, keys, views } = folder;
  const clock = new AdjustableClock(systemClock);
  if (clockAt !== undefined) clock.moveTo(clockAt);
  const opening = bornAt === undefined ? clock : { now: () => bornAt };
  const lineage = await openLineage(events, TENANT, { clock: opening, random: systemRandom });
  const { logId } = lineage;
  const fork = forkOf(lineage);
  // Before anything is sealed or destroyed with keys that may be another log's.
  await keys.bindTo(logId);
  if (bornAt !== undefined) {
    const demo = await standOfDemo(events, TENANT, systemClock.now());
    // Services begin to record when they start: not after what the demo has yet to record.
    if (demo.status === 'unfinished') clock.moveTo(demo.reached);
  }
  const { position: begun } = await events.head();
  const followers = new Followers({
    clock: systemMonotonicClock,
    timers: systemTimers,
    alert,
    inform,
  });
  await eraseAgain(events, keys, followingAlerts(alert, 'erasure').unreadable);
  const erasures = new ErasureFront(keys, begun);

  const pair = await generateKeyPair('EdDSA');
  const assertions = new ActorAssertions({ sign: pair.privateKey, verify: pair.publicKey }, caches);
  const assertActor = (actor: Actor): Promise<string> => assertions.assert(actor);
  let demoAllowed = false;
  const ledger = new LedgerService({
    tenant: TENANT,
    logId,
    store: events,
    clock,
    timers: systemTimers,
    actors: assertions,
    mayRecord: (actor, origin) => mayRecord(actor, origin, demoAllowed),
    alert,
  });

  const codec = new SealedFieldCodec(keys, systemRandom);
  const revealer = new Revealer(codec);
  const hmacKey = await keys.secret('request-hmac', TENANT);
  const idNamespace = await keys.secret('id-namespace', TENANT);
  const transport = new InProcessTransport({ ...(limits && { limits }) });
  const runtime: ServiceRuntime = {
    tenant: TENANT,
    logId,
    ledger,
    sealer: codec,
    requests: transport,
    clock,
    timers: systemTimers,
    followers,
    backlog: streamBacklog(),
    requestHmac: (request) => requestHmac(hmacKey, TENANT, request),
    secretId: (kind, name) => externalStreamId(idNamespace, kind, name),
    assertActor,
    deadlines: new ProcessDeadlines({
      dues: new ProjectedDues(transport),
      parked: new ProjectedParked(transport),
      replica: logId,
    }),
    caches,
    alert,
  };
  const log = new SharedLog(events, logId, systemTimers, { caches });
  const sender = new CommandSender(transport, assertActor);
  const caughtUp = async (only?: readonly string[]): Promise<boolean> => {
    await app.get(StandingReaction, { strict: false }).caughtUp((await ledger.head()).position);
    const { position } = await ledger.head();
    return app.get(Views, { strict: false }).reached(position, 60_000, only);
  };
  const settle = async (only?: readonly string[]): Promise<void> => {
    if (!(await caughtUp(only))) throw new Error('the views did not catch up in a minute');
  };
  // Before anything can be recorded: it must see every event from here on.
  const eraser = followErasures(ledger, erasures, { timers: systemTimers, alert, followers });
  await eraser.start();
  const app = await startServices(
    {
      service: runtime,
      profiles: { opener: codec },
      projector: {
        log,
        views,
        readStream: async (stream, fromRevision, limit) =>
          (await events.readStream(stream, { fromRevision, limit })).events.map(readEvent),
        opener: { open: (event, paths) => codec.open(event, paths) as CurrentEvent },
        reveal: async (body, roles, classified) => {
          await erasures.passed((await events.head()).position);
          return revealer.reveal(body, roles, { tenant: TENANT, classified });
        },
        cursorKey: await keys.secret('cursor', TENANT),
        clock,
        monotonic: systemMonotonicClock,
        timers: systemTimers,
        followers,
        random: systemRandom,
        caches,
        soleOwner: true,
        alert,
      },
      ledger: { store: events, logId, ...(fork && { fork }), alert },
      imports: { ...runtime, sender, settle: () => caughtUp() },
    },
    transport,
    logger,
  );
  followers.start();

  return {
    runtime,
    folder,
    clock,
    followers,
    transport,
    keys,
    assertActor,
    sender,
    sweep: (origin) => runtime.deadlines.sweep(origin),
    settle,
    get: (provider) => app.get(provider, { strict: false }),
    allowDemo(allowed) {
      demoAllowed = allowed;
    },
    async close() {
      await followers.stop();
      await eraser.stop();
      await app.close();
      await folder.close();
    },
  };
}
