import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NatsStrategy } from '@rapport/messaging';
import type { ServiceName, WaitingPlace } from '@rapport/platform';
import { observeWaiting } from '../metrics/observeWaiting.ts';
import type { ServiceHost } from '../process/serviceHost.ts';

/** What is needed of the host. */
type Served = Pick<ServiceHost<ServiceName>, 'link' | 'metrics' | 'nestLogger'> & {
  readonly configuration: { readonly shutdownGraceMs: number };
};

/** A module at work behind NATS. */
export interface ServedModule {
  readonly up: boolean;
  /** A provider of the module. */
  get<Provider>(provider: Type<Provider>): Provider;
  close(): Promise<void>;
}

/**
 * Serves a module's message handlers over the host's connection.
 *
 * @param places where else work waits in this process
 */
export async function serveOnNats(
  { configuration, link, metrics, nestLogger }: Served,
  module: DynamicModule,
  places: readonly WaitingPlace[] = [],
): Promise<ServedModule> {
  const strategy = new NatsStrategy(link, { graceMs: configuration.shutdownGraceMs });
  observeWaiting(metrics, () => [...strategy.waitingPlaces, ...places]);
  const app = await NestFactory.createMicroservice(module, {
    strategy,
    logger: nestLogger,
    abortOnError: false,
  });
  await app.listen();
  return {
    get up() {
      return link.status === 'connected';
    },
    get: (provider) => app.get(provider),
    close: () => app.close(),
  };
}
