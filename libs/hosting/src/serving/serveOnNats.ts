import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NatsStrategy } from '@rapport/messaging';
import type { ServiceName } from '@rapport/platform';
import type { ServiceHost } from '../process/serviceHost.ts';

/** What is needed of the host. */
type Served = Pick<ServiceHost<ServiceName>, 'link' | 'nestLogger'> & {
  readonly configuration: { readonly shutdownGraceMs: number };
};

/** A module at work behind NATS. */
export interface ServedModule {
  readonly up: boolean;
  /** A provider of the module. */
  get<Provider>(provider: Type<Provider>): Provider;
  close(): Promise<void>;
}

/** Serves a module's message handlers over the host's connection. */
export async function serveOnNats(
  { configuration, link, nestLogger }: Served,
  module: DynamicModule,
): Promise<ServedModule> {
  const app = await NestFactory.createMicroservice(module, {
    strategy: new NatsStrategy(link, { graceMs: configuration.shutdownGraceMs }),
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
