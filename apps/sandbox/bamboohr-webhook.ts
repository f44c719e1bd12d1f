import { createHmac } from 'node:crypto';
import { fieldsOf, recordId } from './bamboohr.js';
import type { Caller, Incoming } from './outgoing.js';
import type { Employee } from './person.js';

/** Where BambooHR posts its webhook, and what it signs with. */
export interface Webhook {
  readonly url: URL;
  readonly caller: Caller;
  readonly privateKey: string;
  readonly clock: () => Date;
}

const POSTED = ['employeeNumber', 'status', 'terminationDate'];

/** Sends what BambooHR sends when monitored fields of these employees changed: a field-based webhook, signed over body and time. */
export function sendWebhook(to: Webhook, employees: readonly Employee[], changedFields: readonly string[]): Promise<Incoming> {
  const timestamp = to.clock().toISOString().replace(/\.\d{3}Z$/, '+0000');
  const body = JSON.stringify({
    employees: employees.map((employee) => {
      const fields = Object.entries(fieldsOf(employee, POSTED)).map(([name, value]) => [name, { value }] as const);
      return { id: recordId(employee), action: 'Updated', timestamp, changedFields, fields: Object.fromEntries(fields) };
    }),
  });
  const signature = createHmac('sha256', to.privateKey).update(body + timestamp).digest('hex');
  return to.caller.call({ method: 'POST', url: to.url, headers: { 'content-type': 'application/json', 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': signature }, body });
}
