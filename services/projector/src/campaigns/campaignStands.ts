import { Inject, Injectable } from '@nestjs/common';
import { CAMPAIGNS, isReadable, streamName, type DataOf, type ledgerEvents } from '@rapport/contracts';
import { fromViews } from '../queries/fromViews.ts';
import { PROJECTOR_RUNTIME, type ProjectorRuntime } from '../projectorRuntime.ts';

/** How far a campaign has come. */
export type CampaignStand = DataOf<typeof ledgerEvents.CampaignAdvanced>;

const PAGE = 200;

interface Read {
  readonly revision: number;
  readonly stand: CampaignStand | undefined;
}

/** How far each campaign has come that was ever begun, as its stream says; what was read before is not read again. */
@Injectable()
export class CampaignStands {
  private readonly read = new Map<string, Read>();

  constructor(@Inject(PROJECTOR_RUNTIME) private readonly runtime: ProjectorRuntime) {}

  async all(): Promise<readonly CampaignStand[]> {
    const stands = await Promise.all(Object.values(CAMPAIGNS).map((name) => this.standOf(name)));
    return stands.filter((stand) => stand !== undefined);
  }

  private async standOf(name: string): Promise<CampaignStand | undefined> {
    let { revision, stand }: Read = this.read.get(name) ?? { revision: -1, stand: undefined };
    for (;;) {
      const from = revision + 1;
      const events = await fromViews(() => this.runtime.readStream(streamName('campaign', name), from, PAGE));
      const last = events.at(-1);
      if (last === undefined) break;
      revision = last.revision;
      stand = (events.findLast(isReadable)?.data as CampaignStand | undefined) ?? stand;
    }
    this.read.set(name, { revision, stand });
    return stand;
  }
}
