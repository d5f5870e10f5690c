import { createHmac } from 'node:crypto';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  COMMANDS,
  decodeEvent,
  EVENTS,
  isPermitted,
  uuid5,
  type Actor,
  type CommandAnswer,
  type DomainEvent,
  type Origin,
  type RecordedEvent,
  type Role,
  type WriteFormats,
} from '@rapport/contracts';
import type {
  CommandMessage,
  CommandMeta,
  DueSource,
  Ledger,
  ParkedSource,
  ServiceRuntime,
} from '@rapport/event-sourcing';
import { ProcessDeadlines, streamBacklog, SYSTEM_ROLE } from '@rapport/event-sourcing';
import { MemoryEventStore, type EventStore } from '@rapport/event-store';
import { ActorAssertions, commandSubject } from '@rapport/messaging';
import {
  AdjustableClock,
  Followers,
  systemClock,
  systemRandom,
  toMillis,
  type Clock,
} from '@rapport/platform';
import { VirtualTime } from '@rapport/platform/testing';
import { MemoryKeyStore, SealedFieldCodec, type EventData } from '@rapport/privacy';
import { LedgerService, openLog } from '@rapport/service-ledger';
import { generateKeyPair } from 'jose';
import { testCaches } from '@rapport/platform/testing';
import { CheckedTransport } from './checkedTransport.ts';
import { promptTimers } from './promptTimers.ts';
import { recordedDeadlines } from './recordedDeadlines.ts';
import { recordedParked } from './recordedParked.ts';

const TENANT = 'main';
const NAMESPACE = '5d0d6a6e-7e5b-5c6a-8f3e-0a9d5b1c2e4f';
const keys = await generateKeyPair('EdDSA');
const NOW = '2026-03-10T10:00:00+08:00';

export interface ServiceModule {
  with(runtime: ServiceRuntime): DynamicModule;
}

/** A UUID that stands for `name`: the same one for the same name. */
export function idOf(name: string): string {
  return uuid5(NAMESPACE, name);
}

/**
 * One tenant's log in memory with a real ledger over it, and the services that a test starts on it, each as a
 * Nest microservice of its own on a transport that encodes every message.
 */
export class World {
  readonly tenant = TENANT;
  readonly transport = new CheckedTransport();
  readonly caches = testCaches();
  readonly actors = new ActorAssertions({ sign: keys.privateKey, verify: keys.publicKey }, this.caches);
  readonly keys = new MemoryKeyStore(systemRandom);
  readonly sealer = new SealedFieldCodec(this.keys, systemRandom);
  readonly alerts: { readonly alert: string; readonly facts: Readonly<Record<string, string | number>> }[] =
    [];
  /** Time of whoever looks at followers: a minute without progress takes none. */
  readonly watch = new VirtualTime();
  /** Whatever follows something in this world; nobody looks unless a test starts it. */
  readonly followers = new Followers({
    clock: this.watch,
    timers: this.watch,
    alert: (alert, facts) => void this.alerts.push({ alert, facts }),
    inform: (alert, facts) => void this.alerts.push({ alert, facts }),
  });
  private readonly services: INestMicroservice[] = [];
  private readonly own: LedgerService;
  private commands = 0;
  private replicas = 0;

  private constructor(
    readonly clock: AdjustableClock,
    readonly store: EventStore,
    readonly logId: string,
  ) {
    this.own = this.newLedger(store, clock);
  }

  /** @param options `now`: where the clock stands still; `store`: another event store than an empty one in memory */
  static async open(options: { readonly now?: string; readonly store?: EventStore } = {}): Promise<World> {
    const clock = new AdjustableClock(systemClock);
    clock.moveTo(toMillis(options.now ?? NOW));
    const store = options.store ?? new MemoryEventStore();
    return new World(clock, store, await openLog(store, TENANT, { clock, random: systemRandom }));
  }

  /** The ledger; with another store or clock: another replica of it. */
  ledger(other: { readonly store?: EventStore; readonly clock?: Clock } = {}): LedgerService {
    if (other.store === undefined && other.clock === undefined) return this.own;
    return this.newLedger(other.store ?? this.store, other.clock ?? this.clock);
  }

  private newLedger(store: EventStore, clock: Clock): LedgerService {
    return new LedgerService({
      tenant: TENANT,
      logId: this.logId,
      store,
      clock,
      timers: promptTimers,
      actors: this.actors,
      mayRecord: ({ roles }) => roles.includes(SYSTEM_ROLE) || isPermitted('imports.run', roles as Role[]),
      alert: (alert, facts) => void this.alerts.push({ alert, facts }),
    });
  }

  /** What a process has; another replica has one of its own. Its sweeps run when they are asked for. */
  runtime(
    other: {
      readonly clock?: Clock;
      readonly ledger?: Ledger;
      readonly dues?: DueSource;
      readonly parked?: ParkedSource;
      readonly writeFormats?: WriteFormats;
    } = {},
  ): ServiceRuntime {
    const dues = other.dues ?? recordedDeadlines(this.store);
    const parked = other.parked ?? recordedParked(this.store);
    return {
      tenant: TENANT,
      logId: this.logId,
      ledger: other.ledger ?? this.ledger(),
      sealer: this.sealer,
      requests: this.transport,
      clock: other.clock ?? this.clock,
      timers: promptTimers,
      followers: this.followers,
      backlog: streamBacklog(),
      requestHmac: (request) => createHmac('sha256', 'test').update(request).digest('base64url'),
      secretId: (kind, name) => uuid5(NAMESPACE, `${kind}\n${name}`),
      assertActor: (actor) => this.actors.assert(actor),
      ...(other.writeFormats !== undefined && { writeFormats: other.writeFormats }),
      deadlines: new ProcessDeadlines({ dues, parked, replica: idOf(`replica ${(this.replicas += 1)}`) }),
      caches: this.caches,
      alert: (alert, facts) => void this.alerts.push({ alert, facts }),
    };
  }

  /** Starts a service alone, as a microservice on this world's transport. */
  async start(service: ServiceModule, runtime = this.runtime()): Promise<INestMicroservice> {
    const app = await NestFactory.createMicroservice(service.with(runtime), {
      strategy: this.transport.server(),
      logger: ['error'],
    });
    await app.listen();
    this.services.push(app);
    return app;
  }

  async meta(
    other: Partial<CommandMeta> & { readonly roles?: readonly string[] } = {},
  ): Promise<CommandMeta> {
    const { roles = ['manager'], ...given } = other;
    const commandId = given.commandId ?? idOf(`command ${(this.commands += 1)}`);
    const actor: Actor = given.actor ?? { id: 'actor-1', roles };
    const actorAssertion = await this.actors.assert(actor);
    return {
      commandId,
      actor,
      actorAssertion,
      correlationId: commandId,
      causationId: commandId,
      origin: 'live',
      ...given,
    };
  }

  /** Sends a command as the gateway does. */
  async send(
    command: keyof typeof COMMANDS,
    payload: object,
    meta: Partial<CommandMeta> & { readonly roles?: readonly string[] } = {},
  ): Promise<CommandAnswer> {
    const message: CommandMessage<object> = { payload, meta: await this.meta(meta) };
    return this.transport.request<CommandAnswer>(commandSubject(COMMANDS[command]), message);
  }

  /** History that other contexts made: events at the end of a stream, in one command. */
  async given(stream: string, ...events: readonly DomainEvent[]): Promise<readonly RecordedEvent[]> {
    const { commandId, ...meta } = await this.meta({
      actor: { id: 'another-context', roles: [SYSTEM_ROLE] },
    });
    const ledger = this.ledger();
    const expectedRevision = (await ledger.readStream(stream, 0)).length - 1;
    const proposed = await Promise.all(
      events.map(async ({ type, data }, n) => {
        const definition = EVENTS.get(type)!;
        const { customerId } = data as { customerId?: string };
        const sealed = await this.sealer.seal(definition, data as EventData, {
          tenant: TENANT,
          stream,
          commandId,
          revision: expectedRevision + 1 + n,
        });
        return {
          type,
          version: definition.version,
          ...(customerId !== undefined && { customerId }),
          data: sealed,
        };
      }),
    );
    const result = await ledger.record({
      commandId,
      requestHmac: 'given',
      via: 'test',
      actorAssertion: meta.actorAssertion,
      correlationId: commandId,
      causationId: commandId,
      origin: 'live' satisfies Origin,
      writes: [{ stream, expectedRevision, events: proposed }],
    });
    if (result.outcome !== 'recorded') throw new Error(`not given: ${JSON.stringify(result)}`);
    return result.events;
  }

  /** Every stored event, in store order. */
  async log(): Promise<readonly RecordedEvent[]> {
    return (await this.store.readAll({ limit: 1_000 })).events.map(decodeEvent);
  }

  /** The stored events of one stream. */
  async stream(name: string): Promise<readonly RecordedEvent[]> {
    return (await this.store.readStream(name)).events.map(decodeEvent);
  }

  /** The stored events of one stream with their sealed fields opened. */
  async opened(name: string): Promise<readonly RecordedEvent[]> {
    return Promise.all((await this.stream(name)).map(async (event) => this.sealer.open(event)));
  }

  /** Ends every service: what is started afterwards has nothing in memory. */
  async stop(): Promise<void> {
    for (const service of this.services.splice(0)) await service.close();
  }

  async close(): Promise<void> {
    await this.followers.stop();
    await this.stop();
    await this.store.close();
  }
}
