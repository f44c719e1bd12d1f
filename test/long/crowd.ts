import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, codeOf, isJsonObject, type JsonObject } from '#decider';
import type { Client } from '../../dist/apps/console/client.js';

/** Somebody whose offboarding is asked for, and how the case must end whatever happens on the way. */
export interface Leaver {
  readonly employee: string;
  readonly address: string;
  /** `quiet` needs nobody; the others stay in the HRIS as active, so that humans are asked. */
  readonly kind: 'quiet' | 'approved' | 'rejected';
}

const APPROVER = '10004';
const AGAIN_MS = 4_000;
const PATIENCE_MS = 90_000;
const PAUSE_MS = 150;

/** Tries until it works: what a person does whose connection broke. @throws CodedError `gave_up` with the last fault. */
export async function steadily<T>(what: string, attempt: () => Promise<T | undefined>, patienceMs = PATIENCE_MS): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      if (codeOf(error) !== 'no_answer') throw error;
      last = error;
    }
    if (Date.now() > giveUpAt) throw new CodedError('gave_up', what, { cause: last });
    await delay(PAUSE_MS);
  }
}

/** Ordinary people of the seeded company who hold nothing special, as many of each kind as wanted. */
export async function leavers(client: Client, wanted: Readonly<Record<Leaver['kind'], number>>): Promise<readonly Leaver[]> {
  const kinds = Object.entries(wanted).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as Leaver['kind']));
  const found: Leaver[] = [];
  for (let number = 10_101; found.length < kinds.length; number += 1) {
    const employee = String(number);
    const { hris, directory, scim } = await client.control(`/state/accounts/${employee}`);
    const plain = isJsonObject(hris) && hris.status === 'active' && isJsonObject(directory) && isJsonObject(scim) && ['roles', 'ownerOf', 'escalations'].every((held) => JSON.stringify(directory[held]) === '[]');
    if (!plain || typeof hris.workEmail !== 'string') continue;
    const kind = kinds[found.length] ?? 'quiet';
    if (kind === 'quiet') await client.control(`/control/employees/${employee}`, { json: { status: 'leaving', lastDay: new Date().toISOString().slice(0, 10) } });
    found.push({ employee, address: hris.workEmail, kind });
  }
  return found;
}

/** What a gatekeeper answered that did not accept a request. */
export interface Refusal {
  readonly status: number;
  readonly body: JsonObject;
}

/** Files a request as somebody who sends it again, under the same key, until it is accepted; hears of every refusal. */
export async function file(client: Client, { address }: Leaver, refused: (refusal: Refusal) => void = () => undefined): Promise<string> {
  const key = crypto.randomUUID();
  return steadily(`a request for ${address}`, async () => {
    const { status, body } = await client.gatekeeper('/v1/requests', { token: client.token('requester-hr'), json: { text: `Please offboard ${address}, last day today` }, headers: { 'idempotency-key': key } });
    if (status === 202 && typeof body.case === 'string') return body.case;
    refused({ status, body });
    return undefined;
  });
}

/** How the case ended, as its requester sees it; undefined while it is open or nobody answers. */
export async function endOf(client: Client, id: string): Promise<string | undefined> {
  const { body } = await client.gatekeeper(`/v1/cases/${id}`, { token: client.token('requester-hr') });
  return typeof body.ended === 'string' ? body.ended : undefined;
}

/** Waits for the end of each case. */
export function ends(client: Client, ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map((id) => steadily(`the end of ${id}`, () => endOf(client, id))));
}

/** One approver answers one case as its leaver's kind says; true when it need not be asked of them again soon. */
async function answer(client: Client, approver: string, id: string, kind: Leaver['kind']): Promise<boolean> {
  const { messages } = await client.control(`/control/slack-messages?user=U${approver}`);
  const message = (Array.isArray(messages) ? messages : []).filter(isJsonObject).findLast((one) => JSON.stringify(one).includes(id));
  const link = /https:\/\/localhost:\d+\/a\/[\w.-]+/.exec(JSON.stringify(message ?? null))?.[0];
  if (!message || link === undefined) return false;
  if (kind === 'rejected') {
    const { status } = await client.control('/control/slack/press', { json: { user: `U${approver}`, ts: message.ts ?? '', action: 'gatehouse.reject' } });
    return status === 200;
  }
  const { posted }: JsonObject = await client.phone(`/phones/p-${approver}/approve`, { json: { url: link } });
  return isJsonObject(posted) && (posted.status === 200 || posted.status === 409);
}

/**
 * An approver who looks again and again, until `isOver`, and answers what they are asked; one is enough where the HRIS disagrees.
 * What still stands open a few seconds later they answer once more: a press that Slack handed over can die with the process that took it.
 */
export async function attend(client: Client, cases: ReadonlyMap<string, Leaver['kind']>, isOver: () => boolean): Promise<void> {
  const answeredAt = new Map<string, number>();
  while (!isOver()) {
    await delay(PAUSE_MS);
    for (const [id, kind] of cases) {
      if (kind === 'quiet' || Date.now() - (answeredAt.get(id) ?? 0) < AGAIN_MS) continue;
      const answered = await answer(client, APPROVER, id, kind).catch((error: unknown) => {
        if (codeOf(error) !== 'no_answer') throw error;
        return false;
      });
      if (answered) answeredAt.set(id, Date.now());
    }
  }
}
