import { InProcessTransport } from '../inProcess/inProcessTransport.ts';
import type { MakeTransport } from './transportConformance.ts';

/** The in-process transport for conformance suites. */
export function inProcessHarness(encode: boolean): MakeTransport {
  return async ({ timers, limits } = {}) => {
    const transport = new InProcessTransport({ encode, timers, limits });
    return {
      client: transport,
      strategy: () => transport.server(),
      arrived: async () => undefined,
      places: () => transport.waitingPlaces,
      dispose: async () => undefined,
    };
  };
}
