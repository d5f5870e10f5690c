// What both peers share: the shapes of the commands, the decisions and the sealing of messages.
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import Fastify from 'fastify';

const id = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
const text = (maxLength) => ({ type: 'string', minLength: 1, maxLength });
const body = (properties, optional = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

export const registerCustomerSchema = {
  body: body({ name: text(200), kind: { enum: ['company', 'individual'] }, firstCooperationOn: text(10) }, [
    'firstCooperationOn',
  ]),
};

export const openTicketSchema = {
  body: body({
    customerId: id,
    kind: { enum: ['inquiry', 'complaint', 'suggestion', 'support'] },
    level: { enum: ['L1', 'L2', 'L3'] },
    channel: text(40),
    subject: text(200),
  }),
};

export const respondSchema = {
  params: { type: 'object', properties: { id }, required: ['id'] },
  body: body({ text: text(4000) }),
};

/** The state that decisions about a ticket need. */
export const noTicket = () => ({ status: 'none', customerId: undefined, responses: 0 });

export function evolve(ticket, { type, data }) {
  switch (type) {
    case 'TicketOpened':
      return { status: 'open', customerId: data.customerId, responses: 0 };
    case 'TicketRespondedTo':
      return { ...ticket, responses: ticket.responses + 1 };
    case 'TicketClosed':
      return { ...ticket, status: 'closed' };
    default:
      throw new Error(`unknown event type ${type}`);
  }
}

export function openTicket(command, tier, at) {
  return { type: 'TicketOpened', data: { ...command, tier, openedAt: at } };
}

/** `stream` and `commandId` are authenticated with the sealed text. */
export function respond(ticket, command, stream, commandId, at) {
  if (ticket.status === 'none') throw refusal(404, 'there is no such ticket');
  if (ticket.status !== 'open') throw refusal(409, 'the ticket is closed');
  const sealed = seal(command.text, ticket.customerId, `main|${stream}|TicketRespondedTo|text|${commandId}`);
  return { type: 'TicketRespondedTo', data: { text: sealed, respondedAt: at } };
}

export function metadata(commandId, customerId, at) {
  return {
    tenant: 'main',
    occurredAt: at,
    recordedAt: at,
    origin: 'live',
    actor: 'agent-1',
    via: 'tickets',
    commandId,
    correlationId: commandId,
    causationId: commandId,
    customerId,
  };
}

export function refusal(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

const masterKey = randomBytes(32);
const keys = new Map();

function seal(plain, customerId, authenticated) {
  let key = keys.get(customerId);
  if (key === undefined) {
    key = createHmac('sha256', masterKey).update(customerId).digest();
    keys.set(customerId, key);
  }
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(authenticated));
  const ct = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    v: 1,
    alg: 'A256GCM',
    kid: customerId,
    nonce: nonce.toString('base64'),
    ct: ct.toString('base64'),
  };
}

/**
 * Serves the three commands.
 * @param {{registerCustomer(body): Promise<object>, openTicket(body): Promise<object>, respond(id, body): Promise<object>}} desk
 */
export async function serve(desk) {
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
  app.get('/health/ready', async () => ({ status: 'ok' }));
  app.post('/api/customers', { schema: registerCustomerSchema }, async (request, reply) => {
    reply.code(201);
    return desk.registerCustomer(request.body);
  });
  app.post('/api/tickets', { schema: openTicketSchema }, async (request, reply) => {
    reply.code(201);
    return desk.openTicket(request.body);
  });
  app.post('/api/tickets/:id/responses', { schema: respondSchema }, async (request, reply) => {
    reply.code(201);
    return desk.respond(request.params.id, request.body);
  });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
}
