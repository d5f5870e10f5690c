import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NatsStrategy } from '@rapport/messaging';
import type { ServiceName } from '@rapport/platform';
import { readyWhen } from '../process/readiness.ts';
import type { RunningService, ServiceHost } from '../process/serviceHost.ts';

/** What is needed of the host. */
type Served = Pick<ServiceHost<ServiceName>, 'link' | 'nestLogger'> & {
  readonly configuration: { readonly shutdownGraceMs: number };
};

/** Serves a module's message handlers over the host's connection; ready while NATS is there. */
export async function serveOnNats(
  { configuration, link, nestLogger }: Served,
  module: DynamicModule,
): Promise<RunningService> {
  const app = await NestFactory.createMicroservice(module, {
    strategy: new NatsStrategy(link, { graceMs: configuration.shutdownGraceMs }),
    logger: nestLogger,
    abortOnError: false,
  });
  await app.listen();
  return {
    readiness: () => readyWhen({ nats: link.status === 'connected' }),
    close: () => app.close(),
  };
}
