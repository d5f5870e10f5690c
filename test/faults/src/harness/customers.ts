import { expect } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import type { Client } from '@rapport/test-checks';

/** A customer as its page shows it. */
export interface Customer {
  readonly id: string;
  readonly contacts: readonly Contact[];
}

export interface Contact {
  readonly contactId: string;
  readonly fullName: unknown;
}

const ERASED = { erased: true };

/** A customer with one contact, and a purchase that gives it a tier. */
export async function register(
  manager: Client,
  name: string,
): Promise<{ customer: Customer; position: string }> {
  const { status, body } = await manager.post('/api/customers', {
    name,
    kind: 'company',
    firstCooperationOn: '2022-01-01',
    contacts: [{ fullName: `${name}的张三` }],
  });
  expect(status).toBe(201);
  const { body: bought } = await manager.post(`/api/customers/${String(body['id'])}/purchases`, {
    purchasedOn: '2026-10-01',
    product: '企业版年度许可',
    amount: { amount: '600000.00', currency: 'CNY' },
  });
  const position = String(bought['position']);
  return { customer: await read(manager, String(body['id']), position), position };
}

export async function read(manager: Client, id: string, after?: string): Promise<Customer> {
  return until('the customer', async () => {
    const { body, stale, status } = await manager.get<Customer>(
      `/api/customers/${id}${after === undefined ? '' : `?after=${after}`}`,
    );
    return stale || status !== 200 ? undefined : body;
  });
}

export async function erase(steward: Client, { id, contacts }: Customer): Promise<string> {
  const { status, body } = await steward.post(
    `/api/customers/${id}/persons/${contacts[0]!.contactId}/erasure`,
    {},
  );
  expect(status).toBe(200);
  return String(body['position']);
}

/** The view shows nothing of the person any more. */
export function isErased({ fullName }: Contact): boolean {
  return JSON.stringify(fullName ?? ERASED) === JSON.stringify(ERASED);
}

/** What follows from a command by itself is recorded, too, and the views show it. */
export function settled(manager: Client, position: string): Promise<true> {
  return until('the views', async () =>
    (await manager.get(`/api/tiers/summary?after=${position}`)).stale ? undefined : true,
  );
}
