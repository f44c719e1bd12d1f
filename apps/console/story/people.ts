import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Client } from '../client.js';
import { text } from './case-book.js';
import type { Teller } from './teller.js';

/** The employee numbers of the sandbox's cast. */
export const CAST = {
  approvers: ['10004', '10005'],
  productionOwner: '10013',
  furtherOwner: '10021',
  leaver: '10042',
  secondLeaver: '10057',
  /** Somebody ordinary, whose case the forger turns to. */
  victim: '10100',
} as const;

/** A person of the sandbox company as the HRIS names them. */
export async function addressOf(client: Client, employee: string): Promise<string> {
  const { hris } = await client.control(`/state/accounts/${employee}`);
  return text(isJsonObject(hris) ? hris.workEmail : undefined);
}

/** A person's account in each portal, without what no system can give back: running sessions, versions, times of change. */
export async function picture(client: Client, employee: string): Promise<JsonObject> {
  const { directory, scim } = await client.control(`/state/accounts/${employee}`);
  return { directory: lasting(directory ?? null), scim: lasting(scim ?? null) };
}

const PASSING = ['sessions', 'version', 'meta', 'lastModified'];

function lasting(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(lasting).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (PASSING.includes(name) ? [] : [[name, lasting(member)] as const])));
}

/** The newest message that the sandbox's Slack holds for an approver about a case. */
export async function messageFor(client: Client, teller: Teller, approver: string, about: string): Promise<{ readonly link: string; readonly ts: string }> {
  return teller.until(`a Slack message for ${approver} about ${about}`, async () => {
    const { messages } = await client.control(`/control/slack-messages?user=U${approver}`);
    const found = (Array.isArray(messages) ? messages : []).filter(isJsonObject).findLast((message) => JSON.stringify(message).includes(about));
    const link = /https:\/\/localhost:\d+\/a\/[\w.-]+/.exec(JSON.stringify(found ?? null))?.[0];
    return found && link !== undefined ? { link, ts: text(found.ts) } : undefined;
  });
}
