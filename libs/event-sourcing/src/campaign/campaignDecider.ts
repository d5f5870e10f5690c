import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import type { Decider } from '../decider/decider.ts';

export type CampaignStand = DataOf<typeof ledgerEvents.CampaignAdvanced>;

export type CampaignCommand =
  | ({ readonly do: 'begin' } & Pick<
      CampaignStand,
      'campaign' | 'cause' | 'causePosition' | 'toPosition' | 'by'
    >)
  | ({ readonly do: 'advance' } & Pick<
      CampaignStand,
      'cause' | 'throughPosition' | 'settled' | 'parked' | 'finished' | 'by'
    >);

/** Positions of one campaign: only ever forwards, and again from the start for a later cause. */
export const campaignDecider: Decider<CampaignStand | undefined, CampaignCommand> = {
  lastEventIsState: true,
  initial: undefined,

  decide(command, stand, { now }) {
    switch (command.do) {
      case 'begin': {
        const { do: _do, ...begun } = command;
        if (stand !== undefined && stand.causePosition >= begun.causePosition) return [];
        return [
          event(ledgerEvents.CampaignAdvanced, {
            ...begun,
            throughPosition: -1,
            settled: 0,
            parked: 0,
            begunAt: toInstant(now),
            finished: false,
          }),
        ];
      }
      case 'advance': {
        const { do: _do, ...advanced } = command;
        const isOver = stand?.cause !== advanced.cause || stand.finished;
        if (isOver || stand.throughPosition > advanced.throughPosition) return [];
        return [event(ledgerEvents.CampaignAdvanced, { ...stand, ...advanced })];
      }
    }
  },

  evolve: (_stand, { data }) => data as unknown as CampaignStand,
};
