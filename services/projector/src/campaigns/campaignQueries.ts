import { Controller } from '@nestjs/common';
import type { QueryAnswer } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { CampaignStands } from './campaignStands.ts';

/** What goes once through everything of a kind, after a policy has changed: how far it is. */
@Controller()
export class CampaignQueries {
  constructor(private readonly stands: CampaignStands) {}

  @ServesQuery('campaigns.list')
  async campaigns(): Promise<QueryAnswer> {
    return { body: { items: await this.stands.all() }, stale: false };
  }
}
