import 'reflect-metadata';
import { Module, ValidationPipe, type PipeTransform } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BareController } from './bareController.ts';

const OPTIONS = { whitelist: true, forbidNonWhitelisted: true, transform: true };

@Module({ controllers: [BareController] })
class BareModule {}

const [, , port, validation] = process.argv;
const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
  logger: false,
});
app.useGlobalPipes(validation === 'own' ? await ownPipe() : new ValidationPipe(OPTIONS));
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.listen(Number(port), '127.0.0.1');

/** The product's validation pipe, where the gateway exports one. */
async function ownPipe(): Promise<PipeTransform> {
  const gateway: Record<string, unknown> = await import('@rapport/service-gateway');
  const Pipe = gateway['CompiledValidationPipe'];
  if (typeof Pipe !== 'function') {
    console.error('@rapport/service-gateway exports no CompiledValidationPipe');
    process.exit(3);
  }
  return Reflect.construct(Pipe, [OPTIONS]) as PipeTransform;
}
