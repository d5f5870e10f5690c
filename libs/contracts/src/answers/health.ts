import Type from 'typebox';
import { shape, Words } from './shapes.ts';

const UP_OR_DOWN = ['up', 'down'] as const;

/** Whether the process lives, or takes work. */
export const Health = shape('Health', {
  status: Words(UP_OR_DOWN),
  parts: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: { type: 'string', enum: [...UP_OR_DOWN] },
        description: 'What it needs to take work, and what it uses besides',
      },
    ),
  ),
});

/** The demo's token. */
export const SignedIn = shape('SignedIn', {
  token: Type.String({ description: 'Bearer token' }),
  expiresIn: Type.Integer({ minimum: 1, description: 'Seconds until it expires' }),
});
