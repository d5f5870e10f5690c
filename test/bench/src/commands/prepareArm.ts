import type { RunningArm } from '../arms/arm.ts';
import { customerBody, openTicketBody } from '../load/commandBodies.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';

const AT_ONCE = 64;

/** Registers customers and answers their ids. @throws Error naming the first answer that is not 201 */
export function registerCustomers(arm: RunningArm, count: number): Promise<string[]> {
  return createMany(arm, '/api/customers', count, customerBody);
}

/** Opens tickets to respond to and answers their ids. */
export function openTickets(arm: RunningArm, count: number, customers: readonly string[]): Promise<string[]> {
  return createMany(arm, '/api/tickets', count, (n) => openTicketBody(customers[n % customers.length]!, n));
}

async function createMany(arm: RunningArm, path: string, count: number, body: (n: number) => unknown) {
  const ids: string[] = Array.from({ length: count });
  let next = 0;
  const sender = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      const answer = await jsonRequest({
        port: arm.port,
        method: 'POST',
        path,
        token: arm.token,
        body: body(n),
      });
      if (answer.status !== 201) {
        throw new Error(`${arm.name}: POST ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      ids[n] = String(answer.body['id']);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return ids;
}
