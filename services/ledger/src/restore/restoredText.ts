import type { Restored } from './restoreLog.ts';

/** What the operator is told, and has to tell others. */
export function restoredText({
  logId,
  formerLogId,
  forkIndex,
  erasedAgain,
  unknown,
  unread,
}: Restored): string {
  return [
    `Restored. The log is now ${logId}: up to index ${forkIndex} it is log ${formerLogId}, and then its own.`,
    `Erased again from the list: ${erasedAgain}. On the list and not in this log: ${unknown}.`,
    ...(unread === 0
      ? []
      : [
          `${unread} events about persons cannot be read by this release: should they be erasures, their keys are not destroyed yet. Start the release that wrote them.`,
        ]),
    `Tell whoever kept positions or indexes of ${formerLogId}: start again after index ${forkIndex}.`,
    '',
  ].join('\n');
}
