/** Settings that are missing, wrong or unknown, all at once. Names and what to do; never a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly complaints: readonly string[]) {
    super(`The configuration cannot be used:\n${complaints.map((line) => `  ${line}`).join('\n')}`);
  }
}
