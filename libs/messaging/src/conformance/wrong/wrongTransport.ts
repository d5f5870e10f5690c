import { withFault, type WrongImplementation } from '@rapport/platform/conformance';
import type { RequestClient } from '../../requestClient.ts';
import type { MakeTransport } from '../transportConformance.ts';

export type WrongTransport = WrongImplementation<MakeTransport>;

/** A right transport, in process, with a client that has a fault. @param faulty called once for each test */
export function wrongTransport(
  fault: string,
  faulty: (right: RequestClient) => RequestClient,
  ...rejectedBy: readonly string[]
): WrongTransport {
  const make =
    (right: MakeTransport): MakeTransport =>
    async (parts) => {
      const harness = await right(parts);
      return { ...harness, client: withFault(harness.client, faulty(harness.client)) };
    };
  return { fault, make, rejectedBy };
}
