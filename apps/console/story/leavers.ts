import { isJsonObject } from '#decider';
import type { Client } from '../client.js';
import { type CaseBook, text, typeOf } from './case-book.js';
import { addressOf, CAST, picture } from './people.js';
import type { Teller } from './teller.js';

export interface Stage {
  readonly client: Client;
  readonly teller: Teller;
  readonly cases: CaseBook;
  readonly windowSeconds: number;
}

/** Chapters 1 and 2: an ordinary leaver, and the same person reinstated exactly as they were. */
export async function ordinaryLeaverAndReinstate({ client, teller, cases }: Stage): Promise<string> {
  teller.chapter(1, 'An ordinary leaver');
  const address = await addressOf(client, CAST.leaver);
  const before = await picture(client, CAST.leaver);
  const words = `Please offboard ${address}, last day today`;
  teller.say(`request: "${words}"`);
  const asked = Date.now();
  const id = await cases.file({ text: words });
  const lines = await cases.until(id, 'doer: order.finished');
  const finished = lines.find((line) => typeOf(line) === 'doer: order.finished');
  cases.tell(lines);
  const soft = await picture(client, CAST.leaver);
  teller.check('both accounts are inactive after soft', JSON.stringify(soft).match(/"active":false/g)?.length === 2, soft);
  teller.say(`soft phase done ${String(Math.round(Date.parse(finished?.at ?? '') - asked))} ms after the request was sent; nobody had to be asked`);

  teller.chapter(2, 'Reinstate, inside the window');
  const answer = await client.gatekeeper(`/v1/cases/${id}/reinstate`, { method: 'POST', token: client.token('requester-hr') });
  teller.expect('the answer to reinstate', answer.status, 202);
  const all = await cases.until(id, 'case.ended');
  cases.tell(all.filter(({ seq }) => seq > (lines.at(-1)?.seq ?? 0)));
  teller.expect('the end of the case', all.find(({ type }) => type === 'case.ended')?.data.as, 'reinstated');
  teller.expect('every portal, field by field, before and after', await picture(client, CAST.leaver), before);
  teller.say('every portal holds the person exactly as before: groups, roles, licences, status');
  return id;
}

/** Chapter 3: a second leaver, deleted for good when the window is over; then reinstate is refused. */
export async function durableDelete({ client, teller, cases, windowSeconds }: Stage): Promise<string> {
  teller.chapter(3, `A durable delete (the window is ${String(windowSeconds)} s here, 5 minutes by default)`);
  const { directory: held } = await picture(client, CAST.secondLeaver);
  const licences = isJsonObject(held) && Array.isArray(held.licences) ? held.licences.map(String) : [];
  const words = `${await addressOf(client, CAST.secondLeaver)} leaves us today, please deactivate the account.`;
  teller.say(`request: "${words}"`);
  const id = await cases.file({ text: words });
  const lines = await cases.until(id, 'case.ended', undefined, windowSeconds + 30);
  cases.tell(lines);
  teller.expect('the end of the case', lines.find(({ type }) => type === 'case.ended')?.data.as, 'done');
  const gates = lines.filter(({ type }) => type === 'gate.decided').map(({ data }) => text(data.phase));
  teller.check('the gate was asked again before hard', gates.includes('soft') && gates.at(-1) === 'hard', gates);
  const after = await picture(client, CAST.secondLeaver);
  teller.expect('the accounts that are left', after, { directory: null, scim: null });
  const { actions } = await client.control('/control/actions');
  const taken = (Array.isArray(actions) ? actions : []).filter(isJsonObject).flatMap(({ employeeNumber, what }) => (employeeNumber === CAST.secondLeaver ? [text(what)] : []));
  const back = licences.filter((name) => taken.includes(`take_licence:${name}`));
  teller.check('the directory had licences of theirs, and each was given back before the account was deleted', licences.length > 0 && back.length === licences.length, { licences, taken });
  teller.say(`given back, as the directory's own log says: ${back.join(', ')}`);
  const late = await client.gatekeeper(`/v1/cases/${id}/reinstate`, { method: 'POST', token: client.token('requester-hr') });
  teller.expect('reinstate after hard', late.status, 409);
  teller.say(`reinstate now: ${String(late.status)} ${text(late.body.detail)}`);
  return id;
}
