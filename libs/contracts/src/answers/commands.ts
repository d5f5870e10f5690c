import Type, { type Static } from 'typebox';
import { Id, Revision, shape } from './shapes.ts';

/** The answer to a command. */
export const CommandAnswer = shape('CommandAnswer', {
  id: Type.String({
    description: 'Of what the command created or changed: a UUID, or the name of a policy',
  }),
  ids: Type.Optional(
    Type.Array(Id(), {
      description: 'Of the parts that it created, in order of the request (contacts)',
    }),
  ),
  position: Type.String({
    description: 'Where the log is after it: the `after` of a query that must see it',
    examples: ['018f3c5e-7d1a-7c3b-9a51-0c1f6f1a2b3c.1024'],
  }),
  revision: Revision(),
  repeated: Type.Boolean({ description: 'It had been carried out before; nothing new was recorded' }),
});

export type CommandAnswer = Readonly<Static<typeof CommandAnswer>>;
