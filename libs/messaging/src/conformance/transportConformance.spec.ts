import { rejectsWrong } from '@rapport/platform/conformance';
import { InProcessTransport } from '../inProcess/inProcessTransport.ts';
import { encodingConformance } from './encodingConformance.ts';
import { transportConformance, type MakeTransport } from './transportConformance.ts';
import { WRONG_ENCODINGS } from './wrong/wrongEncodings.ts';
import { WRONG_TRANSPORTS } from './wrong/wrongTransports.ts';

const inProcess: MakeTransport = async (timers) => {
  const transport = new InProcessTransport({ encode: true, timers });
  return { client: transport, strategy: () => transport.server(), dispose: async () => undefined };
};

rejectsWrong('a transport', (make) => transportConformance('a transport', make), inProcess, WRONG_TRANSPORTS);

rejectsWrong(
  'an encoding transport',
  (make) => encodingConformance('an encoding transport', make),
  inProcess,
  WRONG_ENCODINGS,
);
