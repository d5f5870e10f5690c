/** The processes of the distributed form, each a Deployment, a NATS user and an argument of the image. */
export const SERVICE_NAMES = [
  'gateway',
  'profiles',
  'interactions',
  'tickets',
  'risk',
  'satisfaction',
  'imports',
  'ledger',
  'projector',
] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The five contexts that decide. */
export const DECIDING_SERVICES = ['profiles', 'interactions', 'tickets', 'risk', 'satisfaction'] as const;
