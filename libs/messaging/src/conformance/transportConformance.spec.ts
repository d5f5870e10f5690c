import { rejectsWrong } from '@rapport/platform/conformance';
import { encodingConformance } from './encodingConformance.ts';
import { inProcessHarness } from './inProcessHarness.ts';
import { transportConformance } from './transportConformance.ts';
import { waitingConformance } from './waitingConformance.ts';
import { WRONG_ENCODINGS } from './wrong/wrongEncodings.ts';
import { WRONG_TRANSPORTS } from './wrong/wrongTransports.ts';
import { WRONG_WAITING } from './wrong/wrongWaiting.ts';

const inProcess = inProcessHarness(true);

rejectsWrong('a transport', (make) => transportConformance('a transport', make), inProcess, WRONG_TRANSPORTS);

rejectsWrong(
  'an encoding transport',
  (make) => encodingConformance('an encoding transport', make),
  inProcess,
  WRONG_ENCODINGS,
);

rejectsWrong(
  'where requests wait',
  (make) => waitingConformance('a transport', make),
  inProcess,
  WRONG_WAITING,
);
