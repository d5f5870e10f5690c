/** What may be logged of a defect: its name and where it happened. Its message, with which its stack begins, may quote data. */
export function withoutMessage(thrown: unknown): { readonly error: string; readonly stack?: string } {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const { name, message, stack = '' } = thrown;
  // A message may have lines that look like frames.
  const rest = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = rest.split('\n').filter((line) => line.startsWith('    at '));
  return { error: name, stack: frames.join('\n') };
}
