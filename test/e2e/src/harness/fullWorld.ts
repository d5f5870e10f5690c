import { CommandSender } from '@rapport/event-sourcing';
import type { GatewayServerOptions } from '@rapport/service-gateway';
import { ImportsModule } from '@rapport/service-imports';
import { InteractionsModule } from '@rapport/service-interactions';
import { LedgerModule } from '@rapport/service-ledger';
import { ProfilesModule } from '@rapport/service-profiles';
import { RiskModule } from '@rapport/service-risk';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { HttpWorld } from './httpWorld.ts';
import { startProjector } from './projector.ts';

/** The gateway before every service there is. */
export async function openFullWorld(options: Partial<GatewayServerOptions> = {}): Promise<HttpWorld> {
  const http = await HttpWorld.open({ rateLimit: false, ...options });
  const { world } = http;
  await startProjector(world);
  await world.start({ with: (runtime) => ProfilesModule.with(runtime, { opener: world.sealer }) });
  for (const service of [InteractionsModule, RiskModule, SatisfactionModule]) await world.start(service);
  const { store, logId } = world;
  await world.start({ with: ({ alert }) => LedgerModule.with({ store, logId, alert }) });
  await world.start({
    with: (runtime) =>
      ImportsModule.with({
        ...runtime,
        sender: new CommandSender(world.transport, runtime.assertActor),
        settle: async () => true,
      }),
  });
  return http;
}
