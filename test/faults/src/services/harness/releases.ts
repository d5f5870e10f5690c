import type { OtherBuild } from '@rapport/local';
import { otherBuild, replacing } from './otherBuild.ts';

/**
 * The release before version 2 of InteractionRecorded: it records next steps, and can read nothing else.
 *
 * @param folder that it is made in. With RAPPORT_TEST_FORMER_RELEASE, the root of a real one is taken instead
 */
export function formerRelease(folder: string): OtherBuild {
  const real = process.env['RAPPORT_TEST_FORMER_RELEASE'];
  // It knows no setting for what it writes: there was one form of everything.
  if (real !== undefined) return { root: real, env: { RAPPORT_WRITE_FORMATS: undefined } };
  return {
    root: otherBuild(folder, {
      'libs/contracts/src/events/interactions.ts': replacing(
        ['const InteractionRecordedV1 =', 'export const InteractionRecorded ='],
        [/\/\*\* R-034, R-039, R-040 \*\/\nexport const InteractionRecorded = [^]*$/, ''],
      ),
      'services/interactions/src/interaction/interactionDecider.ts': replacing(
        [/ *place: [^\n]*\n/, ''],
        ['toDos: (', 'nextSteps: ('],
        [/ *toDoId: [^\n]*\n/, ''],
      ),
    }),
    env: { RAPPORT_WRITE_FORMATS: 'previous' },
  };
}

/** The release after this one, in which responses to tickets have another version. */
export function nextRelease(folder: string): OtherBuild {
  return {
    root: otherBuild(folder, {
      'libs/contracts/src/events/tickets.ts': replacing(
        ['import { defineEvent } from', 'import { defineEvent, nextVersion } from'],
        [
          /export (const TicketResponded) = (defineEvent\('crm.tickets.TicketResponded', 1, 'ticket', (\{[^]*?\n\}))\);/,
          'const TicketRespondedV1 = $2);\nexport $1 = nextVersion(TicketRespondedV1, $3, { upcast: (data) => data });',
        ],
      ),
    }),
  };
}
