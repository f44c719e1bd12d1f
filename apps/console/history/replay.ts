import { setTimeout as delay } from 'node:timers/promises';
import { CodedError, isJsonObject } from '#decider';
import type { Client } from '../client.js';
import { TENANT } from '../set-up.js';
import type { Leave } from './company.js';

/** A leave event whose request was filed, and how its case came to rest. */
export interface Filed {
  readonly leave: Leave;
  readonly case: string;
  /** How the case ended; a case that a human was asked about was rejected by them. */
  readonly ended: string;
  readonly held: boolean;
  /** From sending the request to the case's end. */
  readonly ms: number;
}

const APPROVER = 'U10004';
const LOOK_MS = 200;
const PATIENCE_MS = 120_000;

/**
 * Files one request for each leave event and sees each case to its end, `atOnce` people at a time. The leave events of one person go in order, since
 * an open case about a person takes in every further one. Each happens today, since intake asks a human about a day long past. Where a human is asked, the approver rejects in Slack: the sandbox's HRIS lists those as staying.
 * @throws CodedError `history_stuck` for a case that comes to no end, `history_refused` for a request that was not accepted.
 */
export async function replay(client: Client, leaves: readonly Leave[], atOnce: number, told: (done: number) => void): Promise<readonly Filed[]> {
  const byPerson = new Map<string, Leave[]>();
  for (const leave of leaves) byPerson.set(leave.employee, [...(byPerson.get(leave.employee) ?? []), leave]);
  const people = [...byPerson.values()];
  const desk = new Desk(client);
  const filed: Filed[] = [];
  const work = async (): Promise<void> => {
    for (let person = people.shift(); person; person = people.shift()) {
      for (const leave of person) {
        filed.push(await desk.see(leave));
        told(filed.length);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return filed;
}

/** HR and one approver: what a request needs from people. */
class Desk {
  readonly #token: string;
  #slack: { readonly at: number; readonly messages: Promise<readonly { readonly ts: string; readonly text: string }[]> } | undefined;

  constructor(private readonly client: Client) {
    this.#token = client.token('requester-hr');
  }

  async see(leave: Leave): Promise<Filed> {
    const begun = Date.now();
    if (!leave.renamed) await this.client.control(`/control/employees/${leave.employee}`, { json: { status: 'terminated', lastDay: new Date(begun).toISOString().slice(0, 10) } });
    const { status, body, text } = await this.client.gatekeeper('/v1/requests', {
      token: this.#token,
      json: { text: `Please offboard ${leave.address}, last day today` },
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    if (status !== 202 || typeof body.case !== 'string') throw new CodedError('history_refused', `the request for ${leave.address} was answered with ${String(status)} ${text}`);
    const id = body.case;
    let held = false;
    while (Date.now() - begun < PATIENCE_MS) {
      await delay(LOOK_MS);
      const { ended } = (await this.client.gatekeeper(`/v1/cases/${id}`, { token: this.#token })).body;
      if (typeof ended === 'string') return { leave, case: id, ended, held, ms: Date.now() - begun };
      if (held) continue;
      const message = (await this.#messages()).find(({ text: said }) => said.includes(id));
      if (!message) continue;
      held = true;
      await this.client.control('/control/slack/press', { json: { user: APPROVER, ts: message.ts, action: 'gatehouse.reject' } });
    }
    throw new CodedError('history_stuck', `${id} (${leave.address}) came to no end: ${await this.#lately(id)}`);
  }

  /** The case's last entries, for whoever must find out why. */
  async #lately(id: string): Promise<string> {
    const { text } = await this.client.notary(`/v1/tenants/${TENANT}/ledger/export`);
    return text.split('\n').filter((line) => line.includes(`"case":"${id}"`)).slice(-3).join(' ').slice(-3_000);
  }

  // one look serves everybody who waits
  #messages(): Promise<readonly { readonly ts: string; readonly text: string }[]> {
    const now = Date.now();
    const slack = this.#slack && now - this.#slack.at <= LOOK_MS ? this.#slack : { at: now, messages: this.#read() };
    this.#slack = slack;
    return slack.messages;
  }

  async #read(): Promise<readonly { readonly ts: string; readonly text: string }[]> {
    const { messages } = await this.client.control(`/control/slack-messages?user=${APPROVER}`);
    return (Array.isArray(messages) ? messages : []).filter(isJsonObject).map((message) => ({ ts: typeof message.ts === 'string' ? message.ts : '', text: JSON.stringify(message) }));
  }
}
