import { EXIT } from './exitCodes.ts';

const REMEDIES: Readonly<
  Record<string, readonly [exitCode: number, says: (port: number, setting: string) => string]>
> = {
  EADDRINUSE: [
    EXIT.unavailable,
    (port, setting) => `port ${port} is taken: stop what listens there, or choose another with ${setting}`,
  ],
  EACCES: [
    EXIT.permission,
    (port, setting) => `no permission for port ${port}: choose one above 1023 with ${setting}`,
  ],
  EADDRNOTAVAIL: [
    EXIT.configuration,
    () => 'RAPPORT_LISTEN_ADDRESS is no address of this machine: correct it',
  ],
};

/** A service cannot listen where its settings say; the message names the setting. */
export class UnusableAddress extends Error {
  override readonly name = 'UnusableAddress';

  constructor(
    readonly exitCode: number,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Listening, its failure told with the setting to change. @throws UnusableAddress */
export async function listening<T>(begun: Promise<T>, port: number, setting: string): Promise<T> {
  try {
    return await begun;
  } catch (error) {
    const remedy = REMEDIES[String((error as NodeJS.ErrnoException).code)];
    if ((error as NodeJS.ErrnoException).syscall !== 'listen' || remedy === undefined) throw error;
    throw new UnusableAddress(remedy[0], remedy[1](port, setting), { cause: error });
  }
}
