import { formatPositionToken, type CommandAnswer } from '@rapport/contracts';
import type { CommandOutcome } from '../commandHandling/commandHandler.ts';

/** The answer to a command from what became of it. */
export function commandAnswer(
  logId: string,
  id: string,
  outcome: Pick<CommandOutcome<unknown>, 'position' | 'revision' | 'repeated'>,
  ids?: readonly string[],
): CommandAnswer {
  return {
    id,
    ...(ids !== undefined && { ids: [...ids] }),
    position: formatPositionToken({ logId, position: Math.max(outcome.position, 0) }),
    revision: outcome.revision,
    repeated: outcome.repeated,
  };
}
